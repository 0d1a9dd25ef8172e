// Sockets of JeroMQ that another process works with: one command a line of standard input, one answer a line of
// standard output. test/interop/remote.ts tells the commands.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.zeromq.ZMQ;

public class Remote {
  private static final Map<String, Integer> TYPES =
      Map.of(
          "PAIR", ZMQ.PAIR,
          "PUB", ZMQ.PUB,
          "SUB", ZMQ.SUB,
          "REQ", ZMQ.REQ,
          "REP", ZMQ.REP,
          "DEALER", ZMQ.DEALER,
          "ROUTER", ZMQ.ROUTER,
          "PULL", ZMQ.PULL,
          "PUSH", ZMQ.PUSH);

  private static final ZMQ.Context context = ZMQ.context(1);
  private static final Map<String, ZMQ.Socket> sockets = new HashMap<>();

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(answer(line.split(" ")));
      System.out.flush();
    }
    System.exit(0);
  }

  private static String answer(String[] words) {
    ZMQ.Socket socket = sockets.get(words[1]);
    switch (words[0]) {
      case "open":
        socket = context.socket(TYPES.get(words[2]));
        socket.setLinger(0);
        socket.setReceiveTimeOut(30000);
        sockets.put(words[1], socket);
        return "ok";
      case "bind":
        return "tcp://127.0.0.1:" + socket.bindToRandomPort("tcp://127.0.0.1");
      case "connect":
        socket.connect(words[2]);
        return "ok";
      case "name":
        socket.setIdentity(bytes(words[2]));
        return "ok";
      case "subscribe":
        socket.subscribe(bytes(words[2]));
        return "ok";
      case "send":
        for (int at = 2; at < words.length; at++) {
          socket.send(bytes(words[at]), at < words.length - 1 ? ZMQ.SNDMORE : 0);
        }
        return "ok";
      case "receive":
        return received(socket);
      case "close":
        sockets.remove(words[1]).close();
        return "ok";
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  private static String received(ZMQ.Socket socket) {
    List<String> frames = new ArrayList<>();
    do {
      byte[] frame = socket.recv(0);
      if (frame == null) {
        return "nothing";
      }
      StringBuilder text = new StringBuilder("=");
      for (byte one : frame) {
        text.append(String.format("%02x", one));
      }
      frames.add(text.toString());
    } while (socket.hasReceiveMore());
    return String.join(" ", frames);
  }

  private static byte[] bytes(String word) {
    byte[] bytes = new byte[(word.length() - 1) / 2];
    for (int at = 0; at < bytes.length; at++) {
      bytes[at] = (byte) Integer.parseInt(word.substring(1 + at * 2, 3 + at * 2), 16);
    }
    return bytes;
  }
}

import { lookup } from "node:dns/promises"
import net from "node:net"
import { networkInterfaces } from "node:os"
import type { StreamPlatform, StreamTarget } from "../../transports/stream.js"
import type { TransportSettings } from "../../transports/transport.js"
import { awaitConnection } from "./connecting.js"
import { dialInTurn } from "./departures.js"
import { listen } from "./listen.js"
import { localAddress } from "./local-address.js"
import { adoptSocket, readOptions, SocketConn } from "./socket-conn.js"

/** Streams on node:net. */
export const nodeStreams: StreamPlatform = {
  connect: (target, settings, opened, failed) => dialInTurn(() => dial(target, settings, opened, failed)),

  listen,

  resolve: async (host, { ipv6 }) => (await lookup(host, { family: ipv6 ? 0 : 4 })).address,

  interfaceAddress: (name, ipv6) => {
    const addresses = networkInterfaces()[name]
    const found =
      (ipv6 && addresses?.find(({ family }) => family === "IPv6")) ||
      addresses?.find(({ family }) => family === "IPv4")
    return found?.address
  },
}

const dial: StreamPlatform["connect"] = (target, settings, opened, failed) => {
  const conn = new SocketConn()
  const options = { ...connectOptions(target, settings), ...readOptions(conn) }
  const socket = new net.Socket(options as net.SocketConstructorOpts)
  try {
    socket.connect(options)
  } catch (error) {
    // It has its handle already, which nobody else would ever close.
    socket.destroy()
    // An interface to come from that is not there now, for instance, may be there later.
    const telling = setImmediate(() => failed(error)).unref()
    return () => clearImmediate(telling)
  }
  socket.unref()
  const connected = (): void => {
    adoptSocket(conn, socket)
    opened(conn)
  }
  return awaitConnection(socket, target.kind === "tcp" ? settings.connectTimeout : 0, connected, failed)
}

/** The options of `net.connect` for a target. */
export function connectOptions(target: StreamTarget, settings: TransportSettings): net.NetConnectOpts {
  if (target.kind === "path") return { path: localAddress(target.path, process.platform === "win32") }
  const { tcpKeepalive, tcpKeepaliveIdle } = settings
  return {
    host: target.host,
    port: target.port,
    // Small messages are gathered by us; the kernel must not gather them again.
    noDelay: true,
    // Without ipv6, "localhost" must not try ::1 first, where nobody listens.
    ...(settings.ipv6 ? { autoSelectFamily: true } : { family: target.host.includes(":") ? 6 : 4 }),
    ...(target.source && { localAddress: target.source.host, localPort: target.source.port }),
    ...(tcpKeepalive >= 0 && { keepAlive: tcpKeepalive === 1 }),
    ...(tcpKeepaliveIdle > 0 && { keepAliveInitialDelay: tcpKeepaliveIdle * 1000 }),
  }
}

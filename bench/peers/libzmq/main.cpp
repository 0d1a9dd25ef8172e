// Throughput and latency of libzmq itself, through its C API: the same meters, arguments and printed
// lines as bench/meters, in one program.
#include <zmq.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string address;
  size_t size;
  long count;
};

void check(bool succeeded, const char *what) {
  if (succeeded) return;
  std::fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
  std::exit(1);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void *open_socket(void *context, int type) {
  void *socket = zmq_socket(context, type);
  check(socket != nullptr, "zmq_socket");
  return socket;
}

void *bind_socket(void *context, int type, const std::string &address) {
  void *socket = open_socket(context, type);
  check(zmq_bind(socket, address.c_str()) == 0, "zmq_bind");
  return socket;
}

void *connect_socket(void *context, int type, const std::string &address) {
  void *socket = open_socket(context, type);
  check(zmq_connect(socket, address.c_str()) == 0, "zmq_connect");
  return socket;
}

void close_socket(void *socket) { check(zmq_close(socket) == 0, "zmq_close"); }

// Termination waits, without limit by default, until everything that was sent has left.
void end_context(void *context) { check(zmq_ctx_term(context) == 0, "zmq_ctx_term"); }

void announce_endpoint(void *socket, const std::string &bind_to) {
  char endpoint[256];
  size_t length = sizeof endpoint;
  check(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &length) == 0, "zmq_getsockopt");
  if (bind_to == endpoint) return;
  std::printf("endpoint %s\n", endpoint);
  std::fflush(stdout);
}

void send_new(void *socket, size_t size) {
  zmq_msg_t message;
  check(zmq_msg_init_size(&message, size) == 0, "zmq_msg_init_size");
  check(zmq_msg_send(&message, socket, 0) >= 0, "zmq_msg_send");
}

void receive(void *socket, zmq_msg_t *message, size_t size) {
  check(zmq_msg_recv(message, socket, 0) >= 0, "zmq_msg_recv");
  if (zmq_msg_size(message) == size) return;
  std::fprintf(stderr, "Message of %zu bytes, not %zu\n", zmq_msg_size(message), size);
  std::exit(1);
}

void send_all(void *push, size_t size, long count) {
  for (long sent = 0; sent < count; sent++) send_new(push, size);
}

double receive_all(void *pull, size_t size, long count) {
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  receive(pull, &message, size);
  const auto start = Clock::now();
  for (long received = 1; received < count; received++) receive(pull, &message, size);
  const double seconds = seconds_since(start);
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  return seconds;
}

void print_throughput(size_t size, long count, double seconds) {
  // The clock starts at the first arrival, so it saw one message fewer.
  const double rate = static_cast<double>(count - 1) / seconds;
  std::printf("message size: %zu [B]\n", size);
  std::printf("message count: %ld\n", count);
  std::printf("mean throughput: %.0f [msg/s]\n", rate);
  std::printf("mean throughput: %.3f [Mb/s]\n", rate * static_cast<double>(size) * 8 / 1e6);
}

void local_throughput(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *pull = bind_socket(context, ZMQ_PULL, arguments.address);
  announce_endpoint(pull, arguments.address);
  print_throughput(arguments.size, arguments.count, receive_all(pull, arguments.size, arguments.count));
  close_socket(pull);
  end_context(context);
}

void remote_throughput(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *push = connect_socket(context, ZMQ_PUSH, arguments.address);
  send_all(push, arguments.size, arguments.count);
  close_socket(push);
  end_context(context);
}

// A thread for each side, as in libzmq's own inproc_thr.
void inproc_throughput(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  const std::string address = "inproc://throughput";
  void *pull = bind_socket(context, ZMQ_PULL, address);
  std::thread sender([&] {
    void *push = connect_socket(context, ZMQ_PUSH, address);
    send_all(push, arguments.size, arguments.count);
    close_socket(push);
  });
  print_throughput(arguments.size, arguments.count, receive_all(pull, arguments.size, arguments.count));
  sender.join();
  close_socket(pull);
  end_context(context);
}

void local_latency(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *reply = bind_socket(context, ZMQ_REP, arguments.address);
  announce_endpoint(reply, arguments.address);
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  for (long roundtrip = 0; roundtrip < arguments.count; roundtrip++) {
    receive(reply, &message, arguments.size);
    check(zmq_msg_send(&message, reply, 0) >= 0, "zmq_msg_send");
  }
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  close_socket(reply);
  end_context(context);
}

void remote_latency(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *request = connect_socket(context, ZMQ_REQ, arguments.address);
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  const auto start = Clock::now();
  for (long roundtrip = 0; roundtrip < arguments.count; roundtrip++) {
    send_new(request, arguments.size);
    receive(request, &message, arguments.size);
  }
  const double microseconds = seconds_since(start) * 1e6;
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  std::printf("message size: %zu [B]\n", arguments.size);
  std::printf("roundtrip count: %ld\n", arguments.count);
  std::printf("average latency: %.3f [us]\n", microseconds / static_cast<double>(arguments.count) / 2);
  close_socket(request);
  end_context(context);
}

void print_version() {
  int major, minor, patch;
  zmq_version(&major, &minor, &patch);
  std::printf("%d.%d.%d\n", major, minor, patch);
}

struct Meter {
  const char *name;
  const char *usage;
  int words;
  void (*run)(const Arguments &);
};

const Meter meters[] = {
    {"local-thr", "<bind-to> <message-size> <message-count>", 3, local_throughput},
    {"remote-thr", "<connect-to> <message-size> <message-count>", 3, remote_throughput},
    {"local-lat", "<bind-to> <message-size> <roundtrip-count>", 3, local_latency},
    {"remote-lat", "<connect-to> <message-size> <roundtrip-count>", 3, remote_latency},
    {"inproc-thr", "<message-size> <message-count>", 2, inproc_throughput},
};

}  // namespace

int main(int argc, char **argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "version" && argc == 2) {
    print_version();
    return 0;
  }
  for (const Meter &meter : meters) {
    if (name != meter.name || argc != meter.words + 2) continue;
    const long size = std::atol(argv[argc - 2]);
    const long count = std::atol(argv[argc - 1]);
    if (size < 0 || count < 2) break;
    meter.run({argv[2], static_cast<size_t>(size), count});
    return 0;
  }
  for (const Meter &meter : meters) std::fprintf(stderr, "usage: %s %s\n", meter.name, meter.usage);
  std::fprintf(stderr, "usage: version\n");
  return 1;
}

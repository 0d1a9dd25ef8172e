#include "calls.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

void check(bool succeeded, const char *what) {
  if (!succeeded) fail(std::string(what) + ": " + zmq_strerror(zmq_errno()));
}

void fail(const std::string &reason) {
  std::fprintf(stderr, "%s\n", reason.c_str());
  std::exit(1);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void print_version() {
  int major, minor, patch;
  zmq_version(&major, &minor, &patch);
  std::printf("%d.%d.%d\n", major, minor, patch);
}

void *open_socket(void *context, int type, bool limited) {
  void *socket = zmq_socket(context, type);
  check(socket != nullptr, "zmq_socket");
  for (const int mark : {ZMQ_SNDHWM, ZMQ_RCVHWM}) {
    if (!limited) set_option(socket, mark, 0);
  }
  return socket;
}

void *bind_socket(void *context, int type, const std::string &address, bool limited) {
  void *socket = open_socket(context, type, limited);
  check(zmq_bind(socket, address.c_str()) == 0, "zmq_bind");
  return socket;
}

void *connect_socket(void *context, int type, const std::string &address, bool limited) {
  void *socket = open_socket(context, type, limited);
  check(zmq_connect(socket, address.c_str()) == 0, "zmq_connect");
  return socket;
}

void set_option(void *socket, int option, int value) {
  check(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "zmq_setsockopt");
}

void subscribe(void *socket, const std::string &prefix) {
  check(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, prefix.data(), prefix.size()) == 0, "zmq_setsockopt");
}

void close_socket(void *socket) { check(zmq_close(socket) == 0, "zmq_close"); }

// Termination waits, without limit by default, until everything that was sent has left.
void end_context(void *context) { check(zmq_ctx_term(context) == 0, "zmq_ctx_term"); }

std::string endpoint_of(void *socket) {
  char endpoint[256];
  size_t length = sizeof endpoint;
  check(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &length) == 0, "zmq_getsockopt");
  return endpoint;
}

void announce_endpoints(const std::vector<void *> &sockets) {
  std::printf("endpoints");
  for (void *socket : sockets) std::printf(" %s", endpoint_of(socket).c_str());
  std::printf("\n");
  std::fflush(stdout);
}

void send_new(void *socket, size_t size, int flags) {
  zmq_msg_t message;
  check(zmq_msg_init_size(&message, size) == 0, "zmq_msg_init_size");
  check(zmq_msg_send(&message, socket, flags) >= 0, "zmq_msg_send");
}

void send_copy(void *socket, const void *bytes, size_t size, int flags) {
  zmq_msg_t message;
  check(zmq_msg_init_size(&message, size) == 0, "zmq_msg_init_size");
  std::memcpy(zmq_msg_data(&message), bytes, size);
  check(zmq_msg_send(&message, socket, flags) >= 0, "zmq_msg_send");
}

void receive(void *socket, zmq_msg_t *message, size_t size) {
  check(zmq_msg_recv(message, socket, 0) >= 0, "zmq_msg_recv");
  const size_t received = zmq_msg_size(message);
  if (received != size) fail("Message of " + std::to_string(received) + " bytes, not " + std::to_string(size));
}

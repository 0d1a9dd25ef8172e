#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <thread>

#include "scale.h"

namespace scale {

void *context;

void *bind_socket(int type, const std::string &address) {
  void *socket = open_socket(context, type);
  set_option(socket, ZMQ_BACKLOG, 4096);
  check(zmq_bind(socket, address.c_str()) == 0, "zmq_bind");
  return socket;
}

std::vector<void *> connect_sockets(int type, const std::string &address, long count) {
  std::vector<void *> sockets;
  for (long made = 0; made < count; made++) sockets.push_back(connect_socket(context, type, address));
  return sockets;
}

void send(void *socket, const std::string &body, int flags) {
  send_copy(socket, body.data(), body.size(), flags);
}

void receive_last(void *socket, zmq_msg_t *message, std::string *name) {
  for (bool more = true; more; more = zmq_msg_more(message)) {
    check(zmq_msg_recv(message, socket, 0) >= 0, "zmq_msg_recv");
    if (name != nullptr && zmq_msg_more(message))
      name->assign(static_cast<char *>(zmq_msg_data(message)), zmq_msg_size(message));
  }
}

void await_start(const std::vector<void *> &pushes) {
  void *pull = bind_socket(ZMQ_PULL, "tcp://127.0.0.1:*");
  for (void *push : pushes) send(push, endpoint_of(pull));
  zmq_msg_t message;
  zmq_msg_init(&message);
  receive_last(pull, &message);
  close_socket(pull);
}

void give_start(zmq_msg_t *hello) {
  const std::string address(static_cast<char *>(zmq_msg_data(hello)), zmq_msg_size(hello));
  void *push = connect_socket(context, ZMQ_PUSH, address);
  send(push, "");
  close_socket(push);
}

static int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

void write_time(std::string *body, size_t at) {
  const int64_t time = now();
  std::memcpy(&(*body)[at], &time, sizeof time);
}

double seconds_since_time_in(zmq_msg_t *message, size_t at) {
  int64_t time;
  std::memcpy(&time, static_cast<char *>(zmq_msg_data(message)) + at, sizeof time);
  return static_cast<double>(now() - time) / 1e9;
}

double resident_bytes() {
  long pages = 0;
  FILE *file = std::fopen("/proc/self/statm", "r");
  const bool read = file != nullptr && std::fscanf(file, "%*s %ld", &pages) == 1;
  if (file != nullptr) std::fclose(file);
  if (!read) fail("/proc/self/statm cannot be read");
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double peak_bytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

double settled_bytes() {
  double last = 0;
  for (int look = 0, steady = 0; look < 60 && steady < 4; look++) {
    const double bytes = resident_bytes();
    steady = bytes - last < 262144 && last - bytes < 262144 ? steady + 1 : 0;
    last = bytes;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return last;
}

void print_result(const std::map<std::string, double> &figures) {
  std::string line;
  for (const auto &figure : figures)
    line += (line.empty() ? "\"" : ", \"") + figure.first + "\": " + std::to_string(figure.second);
  std::printf("result {%s}\n", line.c_str());
  std::fflush(stdout);
}

}  // namespace scale

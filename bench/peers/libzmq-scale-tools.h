// What the meters of libzmq-scale.cpp share.
#pragma once

#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

void *context;

void check(bool succeeded, const char *what) {
  if (succeeded) return;
  std::fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
  std::exit(1);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

double resident_bytes() {
  long pages = 0;
  FILE *file = std::fopen("/proc/self/statm", "r");
  const bool read = file != nullptr && std::fscanf(file, "%*s %ld", &pages) == 1;
  if (file != nullptr) std::fclose(file);
  check(read, "/proc/self/statm");
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
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

void *open_socket(int type) {
  void *socket = zmq_socket(context, type);
  check(socket != nullptr, "zmq_socket");
  return socket;
}

void set(void *socket, int option, int value) {
  check(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "zmq_setsockopt");
}

void connect(void *socket, const std::string &address) {
  check(zmq_connect(socket, address.c_str()) == 0, "zmq_connect");
}

void *connect_socket(int type, const std::string &address) {
  void *socket = open_socket(type);
  connect(socket, address);
  return socket;
}

void *bind_socket(int type, const std::string &address) {
  void *socket = open_socket(type);
  set(socket, ZMQ_BACKLOG, 4096);
  check(zmq_bind(socket, address.c_str()) == 0, "zmq_bind");
  return socket;
}

std::string endpoint_of(void *socket) {
  char endpoint[256];
  size_t length = sizeof endpoint;
  check(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &length) == 0, "zmq_getsockopt");
  return endpoint;
}

void announce_endpoint(void *socket) {
  std::printf("endpoint %s\n", endpoint_of(socket).c_str());
  std::fflush(stdout);
}

// A message for each, as the others have it too: zmq_send copies.
void send(void *socket, const std::string &body, int flags = 0) {
  check(zmq_send(socket, body.data(), body.size(), flags) >= 0, "zmq_send");
}

// The last frame of the next message; the first one stays in `name`, if it is asked for.
void receive(void *socket, zmq_msg_t *message, std::string *name = nullptr) {
  for (bool more = true; more; more = zmq_msg_more(message)) {
    check(zmq_msg_recv(message, socket, 0) >= 0, "zmq_msg_recv");
    if (name != nullptr && zmq_msg_more(message))
      name->assign(static_cast<char *>(zmq_msg_data(message)), zmq_msg_size(message));
  }
}

// Feeders wait until all of them have been heard, so that who came first has no start.
void await_start(const std::vector<void *> &pushes) {
  void *pull = bind_socket(ZMQ_PULL, "tcp://127.0.0.1:*");
  for (void *push : pushes) send(push, endpoint_of(pull));
  zmq_msg_t message;
  zmq_msg_init(&message);
  receive(pull, &message);
  zmq_close(pull);
}

void give_start(zmq_msg_t *hello) {
  const std::string address(static_cast<char *>(zmq_msg_data(hello)), zmq_msg_size(hello));
  void *push = connect_socket(ZMQ_PUSH, address);
  send(push, "");
  zmq_close(push);
}

double seconds_since_time_in(zmq_msg_t *message, size_t at) {
  int64_t time;
  std::memcpy(&time, static_cast<char *>(zmq_msg_data(message)) + at, sizeof time);
  return static_cast<double>(now() - time) / 1e9;
}

void write_time(std::string *body, size_t at) {
  const int64_t time = now();
  std::memcpy(&(*body)[at], &time, sizeof time);
}

double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  if (values.empty()) return -1;
  const auto rank = static_cast<size_t>(static_cast<double>(values.size()) * percent / 100 + 0.999);
  return values[std::max<size_t>(rank, 1) - 1];
}

void print_result(const std::map<std::string, double> &figures) {
  std::string line;
  for (const auto &figure : figures)
    line += (line.empty() ? "\"" : ", \"") + figure.first + "\": " + std::to_string(figure.second);
  std::printf("result {%s}\n", line.c_str());
  std::fflush(stdout);
}

}  // namespace

// What the meters share: checked calls of libzmq's C API, and the lines they print.
#pragma once

#include <zmq.h>

#include <chrono>
#include <string>
#include <vector>

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string address;
  std::string report_to;
  // Parts of a message, sockets or subscriptions.
  size_t width;
  size_t size;
  long count;
};

void check(bool succeeded, const char *what);
[[noreturn]] void fail(const std::string &reason);
double seconds_since(Clock::time_point start);

void *bind_socket(void *context, int type, const std::string &address, bool limited = true);
void *connect_socket(void *context, int type, const std::string &address, bool limited = true);
void subscribe(void *socket, const std::string &prefix);
void close_socket(void *socket);
void end_context(void *context);
void announce_endpoints(const std::vector<void *> &sockets);

void send_new(void *socket, size_t size, int flags = 0);
void send_copy(void *socket, const void *bytes, size_t size);
void receive(void *socket, zmq_msg_t *message, size_t size);

void print_work(size_t size, const char *what, long count);

void local_throughput(const Arguments &arguments);
void remote_throughput(const Arguments &arguments);
void local_multipart(const Arguments &arguments);
void remote_multipart(const Arguments &arguments);
void inproc_throughput(const Arguments &arguments);
void local_latency(const Arguments &arguments);
void remote_latency(const Arguments &arguments);
void local_echo(const Arguments &arguments);
void remote_echo(const Arguments &arguments);
void local_fan(const Arguments &arguments);
void remote_fan(const Arguments &arguments);
void local_topics(const Arguments &arguments);
void remote_topics(const Arguments &arguments);

// Checked calls of libzmq's C API, for the meters of both programs.
#pragma once

#include <zmq.h>

#include <chrono>
#include <string>
#include <vector>

using Clock = std::chrono::steady_clock;

void check(bool succeeded, const char *what);
[[noreturn]] void fail(const std::string &reason);
double seconds_since(Clock::time_point start);
void print_version();

void *open_socket(void *context, int type, bool limited = true);
void *bind_socket(void *context, int type, const std::string &address, bool limited = true);
void *connect_socket(void *context, int type, const std::string &address, bool limited = true);
void set_option(void *socket, int option, int value);
void subscribe(void *socket, const std::string &prefix);
void close_socket(void *socket);
void end_context(void *context);
std::string endpoint_of(void *socket);
void announce_endpoints(const std::vector<void *> &sockets);

void send_new(void *socket, size_t size, int flags = 0);
void send_copy(void *socket, const void *bytes, size_t size, int flags = 0);
void receive(void *socket, zmq_msg_t *message, size_t size);

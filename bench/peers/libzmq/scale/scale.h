// The meters of cost and scale, and what they share.
#pragma once

#include <cstdint>
#include <map>

#include "../shared/calls.h"

namespace scale {

// What follows the address, in the order of the meter's usage.
using Numbers = std::vector<long>;

void queued(const std::string &address, const Numbers &words);
void crowd(const std::string &address, const Numbers &words);
void send_large(const std::string &address, const Numbers &words);
void receive_large(const std::string &address, const Numbers &words);
void host(const std::string &address, const Numbers &words);
void hear(const std::string &address, const Numbers &words);
void knock(const std::string &address, const Numbers &words);
void feed(const std::string &address, const Numbers &words);
void drain(const std::string &address, const Numbers &words);
void publish(const std::string &address, const Numbers &words);
void subscribe(const std::string &address, const Numbers &words);
void fair(const std::string &address, const Numbers &words);
void trickle(const std::string &address, const Numbers &words);

extern void *context;

// With room for many who come at once.
void *bind_socket(int type, const std::string &address);
std::vector<void *> connect_sockets(int type, const std::string &address, long count);
void send(void *socket, const std::string &body, int flags = 0);
// The last frame of the next message; the first one stays in `name`, if it is asked for.
void receive_last(void *socket, zmq_msg_t *message, std::string *name = nullptr);

// Feeders wait until all of them have been heard, so that who came first has no start.
void await_start(const std::vector<void *> &pushes);
void give_start(zmq_msg_t *hello);

// The machine's monotonic clock, which all processes read alike.
void write_time(std::string *body, size_t at);
double seconds_since_time_in(zmq_msg_t *message, size_t at);

double resident_bytes();
// The most that was resident at a time.
double peak_bytes();
// Once they neither fall nor rise any more.
double settled_bytes();

void print_result(const std::map<std::string, double> &figures);

}  // namespace scale

#include "scale.h"

namespace scale {

void crowd(const std::string &address, const Numbers &words) {
  const double before = settled_bytes();
  const auto start = Clock::now();
  std::vector<void *> bound, connected;
  for (long made = 0; made < words[0]; made += 2) {
    const std::string name = address + "/" + std::to_string(made);
    bound.push_back(bind_socket(ZMQ_PAIR, name));
    connected.push_back(connect_socket(context, ZMQ_PAIR, name));
  }
  for (void *near : connected) send(near, "message");
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (void *far : bound) receive_last(far, &message);
  const double seconds = seconds_since(start);
  const double each = (settled_bytes() - before) / static_cast<double>(words[0]);
  const auto ending = Clock::now();
  for (void *socket : bound) close_socket(socket);
  for (void *socket : connected) close_socket(socket);
  end_context(context);
  print_result({{"seconds", seconds}, {"each", each}, {"closing", seconds_since(ending)}});
}

}  // namespace scale

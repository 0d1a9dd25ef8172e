#include "scale.h"

namespace scale {

void feed(const std::string &address, const Numbers &words) {
  const auto pushes = connect_sockets(ZMQ_PUSH, address, words[0]);
  await_start(pushes);
  const std::string body(static_cast<size_t>(words[1]), 0);
  for (size_t sent = 0, next = 0; sent < static_cast<size_t>(words[2]); sent++) {
    send(pushes[next], body);
    if (++next == pushes.size()) next = 0;
  }
  for (void *push : pushes) close_socket(push);
  end_context(context);
}

void drain(const std::string &address, const Numbers &words) {
  void *pull = bind_socket(ZMQ_PULL, address);
  const double before = settled_bytes();
  announce_endpoints({pull});
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (long present = 1; present <= words[0]; present++) receive_last(pull, &message);
  give_start(&message);
  receive_last(pull, &message);
  const auto start = Clock::now();
  for (long received = 1; received < words[1]; received++) receive_last(pull, &message);
  const double rate = static_cast<double>(words[1] - 1) / seconds_since(start);
  zmq_msg_close(&message);
  const double uncollected = resident_bytes() - before;
  print_result({{"rate", rate}, {"uncollected", uncollected}, {"left", settled_bytes() - before}});
}

}  // namespace scale

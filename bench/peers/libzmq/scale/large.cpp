#include <cstring>

#include "scale.h"

namespace scale {

void send_large(const std::string &address, const Numbers &words) {
  void *push = connect_socket(context, ZMQ_PUSH, address);
  send(push, "");
  const double before = settled_bytes();
  const size_t size = static_cast<size_t>(words[0]);
  zmq_msg_t message;
  check(zmq_msg_init_size(&message, size) == 0, "zmq_msg_init_size");
  std::memset(zmq_msg_data(&message), 1, size);
  std::string time(8, 0);
  write_time(&time, 0);
  std::memcpy(zmq_msg_data(&message), time.data(), time.size());
  check(zmq_msg_send(&message, push, 0) >= 0, "zmq_msg_send");
  close_socket(push);
  end_context(context);
  print_result({{"senderPeak", peak_bytes() - before}});
}

void receive_large(const std::string &address, const Numbers &words) {
  void *pull = bind_socket(ZMQ_PULL, address);
  announce_endpoints({pull});
  zmq_msg_t message;
  zmq_msg_init(&message);
  receive_last(pull, &message);
  const double before = settled_bytes();
  receive_last(pull, &message);
  const double seconds = seconds_since_time_in(&message, 0);
  const size_t size = zmq_msg_size(&message);
  if (size != static_cast<size_t>(words[0])) fail("The message has another size");
  for (size_t at = 8; at < size; at += 4093)
    if (static_cast<char *>(zmq_msg_data(&message))[at] != 1) fail("A byte is wrong");
  const double peak = peak_bytes() - before;
  zmq_msg_close(&message);
  print_result({{"seconds", seconds}, {"receiverPeak", peak}, {"left", settled_bytes() - before}});
}

}  // namespace scale

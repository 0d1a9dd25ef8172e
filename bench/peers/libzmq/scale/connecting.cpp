#include <unistd.h>

#include "scale.h"

namespace scale {

void hear(const std::string &address, const Numbers &words) {
  void *socket = bind_socket(words[1] ? ZMQ_ROUTER : ZMQ_PULL, address);
  announce_endpoints({socket});
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (long heard = 0; heard < words[0]; heard++) receive_last(socket, &message);
  print_result({{"seconds", seconds_since_time_in(&message, 0)}});
}

void knock(const std::string &address, const Numbers &words) {
  std::string body(16, 0);
  write_time(&body, 0);
  if (words[1]) {
    for (long made = 0; made < words[0]; made++) send(connect_socket(context, ZMQ_DEALER, address), body);
  } else {
    void *push = open_socket(context, ZMQ_PUSH);
    for (long made = 0; made < words[0]; made++) check(zmq_connect(push, address.c_str()) == 0, "zmq_connect");
    for (long sent = 0; sent < words[0]; sent++) send(push, body);
  }
  pause();
}

}  // namespace scale

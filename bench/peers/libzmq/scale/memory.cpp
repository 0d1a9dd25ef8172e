#include "scale.h"

namespace scale {

void queued(const std::string &address, const Numbers &words) {
  const double before = settled_bytes();
  void *push = open_socket(context, ZMQ_PUSH);
  set_option(push, ZMQ_SNDHWM, 0);
  check(zmq_connect(push, address.c_str()) == 0, "zmq_connect");
  const std::string body(static_cast<size_t>(words[1]), 0);
  const auto start = Clock::now();
  for (long sent = 0; sent < words[0]; sent++) send(push, body);
  const double seconds = seconds_since(start);
  const double each = (settled_bytes() - before) / static_cast<double>(words[0]);
  print_result({{"uncollected", each}, {"collected", each}, {"seconds", seconds}});
}

void host(const std::string &address, const Numbers &words) {
  void *router = bind_socket(ZMQ_ROUTER, address);
  announce_endpoints({router});
  zmq_msg_t message;
  zmq_msg_init(&message);
  std::string guide;
  const auto answer = [&] {
    send(router, guide, ZMQ_SNDMORE);
    send(router, "");
  };
  receive_last(router, &message, &guide);
  const double before = settled_bytes();
  answer();
  receive_last(router, &message);
  const double idle = settled_bytes() - before;
  answer();
  for (long heard = 0; heard < words[0]; heard++) receive_last(router, &message);
  const double heard = settled_bytes() - before;
  answer();
  const double count = static_cast<double>(words[0]);
  print_result({{"idle", idle / count}, {"heard", heard / count}});
}

}  // namespace scale

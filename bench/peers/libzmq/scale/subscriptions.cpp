#include <cstdio>
#include <random>

#include "scale.h"

namespace scale {

static std::string topic(long number) {
  char text[32];
  std::snprintf(text, sizeof text, "topic/%010ld", number);
  return text;
}

void publish(const std::string &address, const Numbers &words) {
  void *publisher = bind_socket(ZMQ_XPUB, address);
  const double before = settled_bytes();
  announce_endpoints({publisher});
  zmq_msg_t message;
  zmq_msg_init(&message);
  receive_last(publisher, &message);
  const auto first = Clock::now();
  for (long known = 1; known < words[0]; known++) receive_last(publisher, &message);
  const double seconds = seconds_since(first);
  const double each = (settled_bytes() - before) / static_cast<double>(words[0]);

  std::mt19937 random(1);
  std::uniform_int_distribution<long> any(0, words[0] - 1);
  std::vector<std::string> messages(4000, std::string(static_cast<size_t>(words[1]), 0));
  for (size_t at = 0; at < messages.size(); at++) {
    const std::string name = topic(at % 20 == 0 ? any(random) : words[0] + any(random));
    messages[at].replace(0, name.size(), name);
  }
  const auto start = Clock::now();
  for (size_t sent = 0; sent < static_cast<size_t>(words[2]); sent++)
    send(publisher, messages[sent % messages.size()]);
  print_result({{"rate", static_cast<double>(words[2]) / seconds_since(start)},
                {"seconds", seconds},
                {"each", each}});
}

void subscribe(const std::string &address, const Numbers &words) {
  void *subscriber = open_socket(context, ZMQ_SUB);
  // At the mark it would leave subscriptions out.
  set_option(subscriber, ZMQ_SNDHWM, 0);
  check(zmq_connect(subscriber, address.c_str()) == 0, "zmq_connect");
  for (long number = 0; number < words[0]; number++) ::subscribe(subscriber, topic(number));
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (;;) receive_last(subscriber, &message);
}

}  // namespace scale

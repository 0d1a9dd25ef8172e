#include <algorithm>
#include <thread>

#include "scale.h"

namespace scale {

static double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  if (values.empty()) return -1;
  const auto rank = static_cast<size_t>(static_cast<double>(values.size()) * percent / 100 + 0.999);
  return values[std::max<size_t>(rank, 1) - 1];
}

void fair(const std::string &address, const Numbers &words) {
  void *pull = bind_socket(ZMQ_PULL, address);
  announce_endpoints({pull});
  zmq_msg_t message;
  zmq_msg_init(&message);
  const size_t wanted = static_cast<size_t>(words[0] * words[1]);
  std::vector<double> latencies;
  const auto start = Clock::now();
  auto last = start;
  double received = 0;
  while (latencies.size() < wanted && seconds_since(last) < 10) {
    receive_last(pull, &message);
    received++;
    const char first = *static_cast<char *>(zmq_msg_data(&message));
    if (first > 1) give_start(&message);
    if (first != 1) continue;
    latencies.push_back(seconds_since_time_in(&message, 8) * 1000);
    last = Clock::now();
  }
  print_result({{"p50", percentile(latencies, 50)},
                {"p99", percentile(latencies, 99)},
                {"lost", static_cast<double>(wanted - latencies.size())},
                {"rate", received / seconds_since(start)}});
}

void trickle(const std::string &address, const Numbers &words) {
  const auto pushes = connect_sockets(ZMQ_PUSH, address, words[0]);
  std::string body(static_cast<size_t>(words[1]), 0);
  body[0] = 1;
  for (long sent = 0; sent < words[2]; sent++) {
    for (void *push : pushes) {
      write_time(&body, 8);
      send(push, body);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (void *push : pushes) close_socket(push);
  end_context(context);
}

}  // namespace scale

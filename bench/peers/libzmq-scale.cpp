// What libzmq itself costs and how it scales, through its C API: the same meters, words and printed lines
// as bench/scale/meters, in one program.
#include <sys/resource.h>

#include <random>

#include "libzmq-scale-tools.h"

namespace {

using Numbers = std::vector<long>;

std::string topic(long number) {
  char text[32];
  std::snprintf(text, sizeof text, "topic/%010ld", number);
  return text;
}

void queued(const std::string &address, const Numbers &words) {
  const double before = settled_bytes();
  void *push = open_socket(ZMQ_PUSH);
  set(push, ZMQ_SNDHWM, 0);
  connect(push, address);
  const std::string body(static_cast<size_t>(words[1]), 0);
  for (long sent = 0; sent < words[0]; sent++) send(push, body);
  const double each = (settled_bytes() - before) / static_cast<double>(words[0]);
  print_result({{"uncollected", each}, {"collected", each}});
}

void host(const std::string &address, const Numbers &words) {
  void *router = bind_socket(ZMQ_ROUTER, address);
  announce_endpoint(router);
  zmq_msg_t message;
  zmq_msg_init(&message);
  std::string guide;
  const auto answer = [&] {
    send(router, guide, ZMQ_SNDMORE);
    send(router, "");
  };
  receive(router, &message, &guide);
  const double before = settled_bytes();
  answer();
  receive(router, &message);
  const double idle = settled_bytes() - before;
  answer();
  for (long heard = 0; heard < words[0]; heard++) receive(router, &message);
  const double heard = settled_bytes() - before;
  answer();
  const double count = static_cast<double>(words[0]);
  print_result({{"idle", idle / count}, {"heard", heard / count}});
}

void hear(const std::string &address, const Numbers &words) {
  void *socket = bind_socket(words[1] ? ZMQ_ROUTER : ZMQ_PULL, address);
  announce_endpoint(socket);
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (long heard = 0; heard < words[0]; heard++) receive(socket, &message);
  print_result({{"seconds", seconds_since_time_in(&message, 0)}});
}

void knock(const std::string &address, const Numbers &words) {
  std::string body(16, 0);
  write_time(&body, 0);
  if (words[1]) {
    for (long made = 0; made < words[0]; made++) send(connect_socket(ZMQ_DEALER, address), body);
  } else {
    void *push = open_socket(ZMQ_PUSH);
    for (long made = 0; made < words[0]; made++) connect(push, address);
    for (long sent = 0; sent < words[0]; sent++) send(push, body);
  }
  pause();
}

void feed(const std::string &address, const Numbers &words) {
  std::vector<void *> pushes;
  for (long peer = 0; peer < words[0]; peer++) pushes.push_back(connect_socket(ZMQ_PUSH, address));
  await_start(pushes);
  const std::string body(static_cast<size_t>(words[1]), 0);
  for (size_t sent = 0, next = 0; sent < static_cast<size_t>(words[2]); sent++) {
    send(pushes[next], body);
    if (++next == pushes.size()) next = 0;
  }
  for (void *push : pushes) zmq_close(push);
  zmq_ctx_term(context);
}

void drain(const std::string &address, const Numbers &words) {
  void *pull = bind_socket(ZMQ_PULL, address);
  const double before = settled_bytes();
  announce_endpoint(pull);
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (long present = 1; present <= words[0]; present++) receive(pull, &message);
  give_start(&message);
  receive(pull, &message);
  const auto start = Clock::now();
  for (long received = 1; received < words[1]; received++) receive(pull, &message);
  const double rate = static_cast<double>(words[1] - 1) / seconds_since(start);
  zmq_msg_close(&message);
  const double uncollected = resident_bytes() - before;
  print_result({{"rate", rate}, {"uncollected", uncollected}, {"left", settled_bytes() - before}});
}

void publish(const std::string &address, const Numbers &words) {
  void *publisher = bind_socket(ZMQ_XPUB, address);
  announce_endpoint(publisher);
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (long known = 0; known < words[0]; known++) receive(publisher, &message);

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
  print_result({{"rate", static_cast<double>(words[2]) / seconds_since(start)}});
}

void subscribe(const std::string &address, const Numbers &words) {
  void *subscriber = open_socket(ZMQ_SUB);
  // At the mark it would leave subscriptions out.
  set(subscriber, ZMQ_SNDHWM, 0);
  connect(subscriber, address);
  for (long number = 0; number < words[0]; number++) {
    const std::string name = topic(number);
    check(zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, name.data(), name.size()) == 0, "zmq_setsockopt");
  }
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (;;) receive(subscriber, &message);
}

void fair(const std::string &address, const Numbers &words) {
  void *pull = bind_socket(ZMQ_PULL, address);
  announce_endpoint(pull);
  zmq_msg_t message;
  zmq_msg_init(&message);
  const size_t wanted = static_cast<size_t>(words[0] * words[1]);
  std::vector<double> latencies;
  const auto start = Clock::now();
  auto last = start;
  double received = 0;
  while (latencies.size() < wanted && seconds_since(last) < 10) {
    receive(pull, &message);
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
  std::vector<void *> pushes;
  for (long peer = 0; peer < words[0]; peer++) pushes.push_back(connect_socket(ZMQ_PUSH, address));
  std::string body(static_cast<size_t>(words[1]), 0);
  body[0] = 1;
  for (long sent = 0; sent < words[2]; sent++) {
    for (void *push : pushes) {
      write_time(&body, 8);
      send(push, body);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (void *push : pushes) zmq_close(push);
  zmq_ctx_term(context);
}

struct Meter {
  const char *name;
  const char *usage;
  size_t numbers;
  void (*run)(const std::string &, const Numbers &);
};

const Meter meters[] = {
    {"queued", "<connect-to> <count> <size>", 2, queued},
    {"host", "<bind-to> <count>", 1, host},
    {"hear", "<bind-to> <count> <apart>", 2, hear},
    {"knock", "<connect-to> <count> <apart>", 2, knock},
    {"feed", "<connect-to> <peers> <size> <count>", 3, feed},
    {"drain", "<bind-to> <peers> <count>", 2, drain},
    {"publish", "<bind-to> <subscriptions> <size> <count>", 3, publish},
    {"subscribe", "<connect-to> <subscriptions>", 1, subscribe},
    {"fair", "<bind-to> <peers> <count>", 2, fair},
    {"trickle", "<connect-to> <peers> <size> <count>", 3, trickle},
};

}  // namespace

int main(int argc, char **argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "version") {
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    std::printf("%d.%d.%d\n", major, minor, patch);
    return 0;
  }
  // A meter whose starter has died ends by itself.
  alarm(60);
  rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  context = zmq_ctx_new();
  zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 65535);
  for (const Meter &meter : meters) {
    if (name != meter.name || static_cast<size_t>(argc) != meter.numbers + 3) continue;
    Numbers numbers;
    for (int at = 3; at < argc; at++) numbers.push_back(std::atol(argv[at]));
    meter.run(argv[2], numbers);
    // Without termination, which would wait for peers that may never come.
    std::_Exit(0);
  }
  for (const Meter &meter : meters) std::fprintf(stderr, "usage: %s %s\n", meter.name, meter.usage);
  std::fprintf(stderr, "usage: version\n");
  return 1;
}

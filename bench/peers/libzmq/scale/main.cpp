// What libzmq itself costs and how it scales, through its C API: the same meters, words and printed lines
// as bench/scale/meters, in one program.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "scale.h"

namespace {

struct Meter {
  const char *name;
  const char *usage;
  size_t numbers;
  void (*run)(const std::string &, const scale::Numbers &);
};

const Meter meters[] = {
    {"queued", "<connect-to> <count> <size>", 2, scale::queued},
    {"crowd", "<address> <count>", 1, scale::crowd},
    {"send-large", "<connect-to> <size>", 1, scale::send_large},
    {"receive-large", "<bind-to> <size>", 1, scale::receive_large},
    {"host", "<bind-to> <count>", 1, scale::host},
    {"hear", "<bind-to> <count> <apart>", 2, scale::hear},
    {"knock", "<connect-to> <count> <apart>", 2, scale::knock},
    {"feed", "<connect-to> <peers> <size> <count>", 3, scale::feed},
    {"drain", "<bind-to> <peers> <count>", 2, scale::drain},
    {"publish", "<bind-to> <subscriptions> <size> <count>", 3, scale::publish},
    {"subscribe", "<connect-to> <subscriptions>", 1, scale::subscribe},
    {"fair", "<bind-to> <peers> <count>", 2, scale::fair},
    {"trickle", "<connect-to> <peers> <size> <count>", 3, scale::trickle},
};

}  // namespace

int main(int argc, char **argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "version") {
    print_version();
    return 0;
  }
  // A meter whose starter has died ends by itself.
  alarm(60);
  rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  scale::context = zmq_ctx_new();
  zmq_ctx_set(scale::context, ZMQ_MAX_SOCKETS, 65535);
  for (const Meter &meter : meters) {
    if (name != meter.name || static_cast<size_t>(argc) != meter.numbers + 3) continue;
    scale::Numbers numbers;
    for (int at = 3; at < argc; at++) numbers.push_back(std::atol(argv[at]));
    meter.run(argv[2], numbers);
    // Without termination, which would wait for peers that may never come.
    std::_Exit(0);
  }
  for (const Meter &meter : meters) std::fprintf(stderr, "usage: %s %s\n", meter.name, meter.usage);
  std::fprintf(stderr, "usage: version\n");
  return 1;
}

// What libzmq itself does, through its C API: the same meters, arguments and printed lines as bench/meters,
// in one program.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "meter.h"

namespace {

// Whoever started this meter gives up a little later.
const unsigned deadline_seconds = 45;

struct Meter {
  const char *name;
  const char *usage;
  void (*run)(const Arguments &);
};

const Meter meters[] = {
    {"local-thr", "<bind-to> <message-size> <message-count>", local_throughput},
    {"remote-thr", "<connect-to> <message-size> <message-count>", remote_throughput},
    {"local-multipart", "<bind-to> <part-count> <part-size> <message-count>", local_multipart},
    {"remote-multipart", "<connect-to> <part-count> <part-size> <message-count>", remote_multipart},
    {"local-lat", "<bind-to> <message-size> <roundtrip-count>", local_latency},
    {"remote-lat", "<connect-to> <message-size> <roundtrip-count>", remote_latency},
    {"local-echo", "<bind-to> <dealer-count> <message-size> <roundtrip-count>", local_echo},
    {"remote-echo", "<connect-to> <dealer-count> <message-size> <roundtrip-count>", remote_echo},
    {"local-handshakes", "<bind-to> <dealer-count> <message-size> <roundtrip-count>", local_echo},
    {"remote-handshakes", "<connect-to> <dealer-count> <message-size> <roundtrip-count>", remote_handshakes},
    {"proxy-thr", "<bind-to> <connect-to> <message-size> <message-count>", proxy_throughput},
    {"proxy-echo", "<bind-to> <connect-to> <dealer-count> <message-size> <roundtrip-count>", proxy_echo},
    {"local-fan", "<bind-to> <subscriber-count> <message-size> <message-count>", local_fan},
    {"remote-fan", "<connect-to> <report-to> <subscriber-count> <message-size> <message-count>", remote_fan},
    {"local-topics", "<bind-to> <subscription-count> <message-size> <message-count>", local_topics},
    {"remote-topics", "<connect-to> <report-to> <subscription-count> <message-size> <message-count>",
     remote_topics},
    {"inproc-thr", "<message-size> <message-count>", inproc_throughput},
    {"threads-thr", "<message-size> <message-count>", inproc_throughput},
    {"threads-lat", "<message-size> <roundtrip-count>", inproc_latency},
};

// Addresses, then numbers, of which the last two are size and count.
bool read_arguments(const std::string &usage, std::vector<std::string> words, Arguments *arguments) {
  const bool curve = !words.empty() && words.back() == "--curve";
  if (curve) words.pop_back();
  if (static_cast<long>(words.size()) != std::count(usage.begin(), usage.end(), '<')) return false;
  std::vector<std::string> addresses;
  std::vector<long> numbers;
  for (const std::string &word : words) {
    if (word.find("://") != std::string::npos) {
      addresses.push_back(word);
    } else {
      numbers.push_back(std::atol(word.c_str()));
    }
  }
  addresses.resize(2);
  if (numbers.size() == 2) numbers.insert(numbers.begin(), 0);
  if (numbers.size() != 3 || numbers[0] < 0 || numbers[1] < 0 || numbers[2] < 2) return false;
  *arguments = {addresses[0], addresses[1], static_cast<size_t>(numbers[0]), static_cast<size_t>(numbers[1]),
                numbers[2], curve};
  return true;
}

}  // namespace

void print_work(size_t size, const char *what, long count) {
  std::printf("message size: %zu [B]\n", size);
  std::printf("%s count: %ld\n", what, count);
}

int main(int argc, char **argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  const std::vector<std::string> words(argv + std::min(argc, 2), argv + argc);
  if (name == "version") {
    print_version();
    return 0;
  }
  for (const Meter &meter : meters) {
    Arguments arguments;
    if (name != meter.name || !read_arguments(meter.usage, words, &arguments)) continue;
    alarm(deadline_seconds);
    meter.run(arguments);
    return 0;
  }
  for (const Meter &meter : meters) std::fprintf(stderr, "usage: %s %s\n", meter.name, meter.usage);
  std::fprintf(stderr, "usage: version\n");
  return 1;
}

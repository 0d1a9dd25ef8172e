#include <cstdio>
#include <thread>

#include "meter.h"

static void send_all(void *push, size_t size, long count) {
  for (long sent = 0; sent < count; sent++) send_new(push, size);
}

static double receive_all(void *pull, size_t size, long count) {
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  receive(pull, &message, size);
  const auto start = Clock::now();
  for (long received = 1; received < count; received++) receive(pull, &message, size);
  const double seconds = seconds_since(start);
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  return seconds;
}

static void receive_parts(void *pull, zmq_msg_t *part, const Arguments &arguments) {
  for (size_t index = 1; index <= arguments.width; index++) {
    receive(pull, part, arguments.size);
    if (zmq_msg_more(part) != (index < arguments.width)) fail("Wrong number of parts");
  }
}

static void print_throughput(size_t size, long count, double seconds) {
  // The clock starts at the first arrival, so it saw one message fewer.
  const double rate = static_cast<double>(count - 1) / seconds;
  print_work(size, "message", count);
  std::printf("mean throughput: %.0f [msg/s]\n", rate);
  std::printf("mean throughput: %.3f [Mb/s]\n", rate * static_cast<double>(size) * 8 / 1e6);
}

void local_throughput(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *pull = bind_socket(context, ZMQ_PULL, arguments);
  announce_endpoints({pull});
  print_throughput(arguments.size, arguments.count, receive_all(pull, arguments.size, arguments.count));
  close_socket(pull);
  end_context(context);
}

void remote_throughput(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *push = connect_socket(context, ZMQ_PUSH, arguments);
  send_all(push, arguments.size, arguments.count);
  close_socket(push);
  end_context(context);
}

void local_multipart(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *pull = bind_socket(context, ZMQ_PULL, arguments);
  announce_endpoints({pull});
  zmq_msg_t part;
  check(zmq_msg_init(&part) == 0, "zmq_msg_init");
  receive_parts(pull, &part, arguments);
  const auto start = Clock::now();
  for (long received = 1; received < arguments.count; received++) receive_parts(pull, &part, arguments);
  print_throughput(arguments.width * arguments.size, arguments.count, seconds_since(start));
  check(zmq_msg_close(&part) == 0, "zmq_msg_close");
  close_socket(pull);
  end_context(context);
}

void remote_multipart(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *push = connect_socket(context, ZMQ_PUSH, arguments);
  for (long sent = 0; sent < arguments.count; sent++) {
    for (size_t index = 1; index < arguments.width; index++) send_new(push, arguments.size, ZMQ_SNDMORE);
    send_new(push, arguments.size);
  }
  close_socket(push);
  end_context(context);
}

// A thread for each side, as in libzmq's own inproc_thr.
void inproc_throughput(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  const std::string address = "inproc://throughput";
  void *pull = bind_socket(context, ZMQ_PULL, address);
  std::thread sender([&] {
    void *push = connect_socket(context, ZMQ_PUSH, address);
    send_all(push, arguments.size, arguments.count);
    close_socket(push);
  });
  print_throughput(arguments.size, arguments.count, receive_all(pull, arguments.size, arguments.count));
  sender.join();
  close_socket(pull);
  end_context(context);
}

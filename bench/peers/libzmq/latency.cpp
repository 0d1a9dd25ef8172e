#include <cstdio>
#include <thread>

#include "meter.h"

namespace {

void answer_all(void *reply, const Arguments &arguments) {
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  for (long roundtrip = 0; roundtrip < arguments.count; roundtrip++) {
    receive(reply, &message, arguments.size);
    check(zmq_msg_send(&message, reply, 0) >= 0, "zmq_msg_send");
  }
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
}

void request_all(void *request, const Arguments &arguments) {
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  const auto start = Clock::now();
  for (long roundtrip = 0; roundtrip < arguments.count; roundtrip++) {
    send_new(request, arguments.size);
    receive(request, &message, arguments.size);
  }
  const double microseconds = seconds_since(start) * 1e6;
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  print_work(arguments.size, "roundtrip", arguments.count);
  std::printf("average latency: %.3f [us]\n", microseconds / static_cast<double>(arguments.count) / 2);
}

}  // namespace

void local_latency(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *reply = bind_socket(context, ZMQ_REP, arguments.address);
  announce_endpoints({reply});
  answer_all(reply, arguments);
  close_socket(reply);
  end_context(context);
}

void remote_latency(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *request = connect_socket(context, ZMQ_REQ, arguments.address);
  request_all(request, arguments);
  close_socket(request);
  end_context(context);
}

// A thread for each side, as in libzmq's own inproc_lat.
void inproc_latency(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  const std::string address = "inproc://latency";
  void *request = bind_socket(context, ZMQ_REQ, address);
  std::thread replier([&] {
    void *reply = connect_socket(context, ZMQ_REP, address);
    answer_all(reply, arguments);
    close_socket(reply);
  });
  request_all(request, arguments);
  replier.join();
  close_socket(request);
  end_context(context);
}

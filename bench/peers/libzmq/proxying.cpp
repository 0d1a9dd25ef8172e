#include "meter.h"

// Whoever started this meter ends it when the sides have done.
static void proxy_between(int front_type, int back_type, const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *front_end = bind_socket(context, front_type, arguments.address);
  void *back_end = connect_socket(context, back_type, arguments.report_to);
  announce_endpoints({front_end});
  check(zmq_proxy(front_end, back_end, nullptr) == 0, "zmq_proxy");
}

void proxy_throughput(const Arguments &arguments) { proxy_between(ZMQ_PULL, ZMQ_PUSH, arguments); }

void proxy_echo(const Arguments &arguments) { proxy_between(ZMQ_ROUTER, ZMQ_DEALER, arguments); }

#include <cstdio>

#include "meter.h"

// What each dealer sends before it receives as many.
static const long burst = 100;

void local_echo(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *router = bind_socket(context, ZMQ_ROUTER, arguments);
  announce_endpoints({router});
  zmq_msg_t id, body;
  check(zmq_msg_init(&id) == 0 && zmq_msg_init(&body) == 0, "zmq_msg_init");
  for (long echoed = 0; echoed < arguments.count; echoed++) {
    check(zmq_msg_recv(&id, router, 0) >= 0, "zmq_msg_recv");
    check(zmq_msg_recv(&body, router, 0) >= 0, "zmq_msg_recv");
    check(zmq_msg_send(&id, router, ZMQ_SNDMORE) >= 0, "zmq_msg_send");
    // Behind a proxy the names of both lead back.
    if (zmq_msg_more(&body)) {
      check(zmq_msg_send(&body, router, ZMQ_SNDMORE) >= 0, "zmq_msg_send");
      check(zmq_msg_recv(&body, router, 0) >= 0, "zmq_msg_recv");
    }
    if (zmq_msg_size(&body) != arguments.size) fail("Request of another size");
    check(zmq_msg_send(&body, router, 0) >= 0, "zmq_msg_send");
  }
  check(zmq_msg_close(&id) == 0 && zmq_msg_close(&body) == 0, "zmq_msg_close");
  close_socket(router);
  end_context(context);
}

static void exchange(const std::vector<void *> &dealers, zmq_msg_t *message, size_t size) {
  for (void *dealer : dealers) {
    for (long sent = 0; sent < burst; sent++) send_new(dealer, size);
  }
  for (void *dealer : dealers) {
    for (long received = 0; received < burst; received++) receive(dealer, message, size);
  }
}

void remote_echo(const Arguments &arguments) {
  const long round = static_cast<long>(arguments.width) * burst;
  if (arguments.count % round != 0) fail("The count is not a multiple of " + std::to_string(round));
  void *context = zmq_ctx_new();
  std::vector<void *> dealers(arguments.width);
  for (void *&dealer : dealers) dealer = connect_socket(context, ZMQ_DEALER, arguments.address);
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");

  // The clock starts after one round: by then everyone is connected.
  exchange(dealers, &message, arguments.size);
  const auto start = Clock::now();
  for (long done = round; done < arguments.count; done += round) exchange(dealers, &message, arguments.size);
  const double seconds = seconds_since(start);

  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  print_work(arguments.size, "roundtrip", arguments.count);
  std::printf("mean throughput: %.0f [roundtrips/s]\n", static_cast<double>(arguments.count - round) / seconds);
  for (void *dealer : dealers) close_socket(dealer);
  end_context(context);
}

// Each dealer is there for a handshake, one question and its answer.
static void come_and_go(void *context, std::vector<void *> &dealers, zmq_msg_t *message,
                        const Arguments &arguments) {
  for (void *&dealer : dealers) {
    dealer = connect_socket(context, ZMQ_DEALER, arguments);
    send_new(dealer, arguments.size);
  }
  for (void *dealer : dealers) {
    receive(dealer, message, arguments.size);
    close_socket(dealer);
  }
}

void remote_handshakes(const Arguments &arguments) {
  const long round = static_cast<long>(arguments.width);
  if (arguments.count % round != 0) fail("The count is not a multiple of " + std::to_string(round));
  void *context = zmq_ctx_new();
  std::vector<void *> dealers(arguments.width);
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");

  // The clock starts after one round: by then all is loaded.
  come_and_go(context, dealers, &message, arguments);
  const auto start = Clock::now();
  for (long done = round; done < arguments.count; done += round) {
    come_and_go(context, dealers, &message, arguments);
  }
  const double seconds = seconds_since(start);

  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  print_work(arguments.size, "roundtrip", arguments.count);
  std::printf("mean throughput: %.0f [roundtrips/s]\n", static_cast<double>(arguments.count - round) / seconds);
  end_context(context);
}

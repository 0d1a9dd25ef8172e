#include <cstdint>
#include <cstdio>
#include <cstring>

#include "meter.h"

// Told apart from messages by its size. Probes go first, until every subscriber has seen one, and one goes
// last: whoever gets it has got everything, or has lost something.
static const std::string probe = "probe";

// One in so many topics is subscribed to, and every topic is published in its turn.
static const size_t stride = 20;

// The topics of which each `stride`th is subscribed to, spread evenly over eight hexadecimal digits.
static std::vector<std::string> list_topics(size_t subscriptions) {
  std::vector<std::string> topics;
  for (uint32_t number = 0; number < subscriptions * stride; number++) {
    char topic[9];
    std::snprintf(topic, sizeof topic, "%08x", number * 0x9e3779b1u);
    topics.push_back(topic);
  }
  return topics;
}

static void send_probe(void *publisher) { send_copy(publisher, probe.data(), probe.size()); }

// Sends probes until the subscribers say that they have seen them.
static void probe_until_ready(void *publisher, void *reports) {
  zmq_pollitem_t item = {reports, 0, ZMQ_POLLIN, 0};
  do {
    send_probe(publisher);
    check(zmq_poll(&item, 1, 5) >= 0, "zmq_poll");
  } while (!(item.revents & ZMQ_POLLIN));
}

// Calls `send_message` with the publisher and the message's number.
template <typename SendMessage>
static void publish(const Arguments &arguments, SendMessage send_message) {
  void *context = zmq_ctx_new();
  void *publisher = bind_socket(context, ZMQ_PUB, arguments.address, false);
  void *reports = bind_socket(context, ZMQ_PULL, arguments.address);
  announce_endpoints({publisher, reports});
  probe_until_ready(publisher, reports);
  for (long sent = 0; sent < arguments.count; sent++) send_message(publisher, static_cast<size_t>(sent));
  send_probe(publisher);
  close_socket(publisher);
  close_socket(reports);
  end_context(context);
}

// Receives what there is, and says whether the last probe was part of it.
static bool drain(void *subscriber, zmq_msg_t *message, size_t size, long *received) {
  while (zmq_msg_recv(message, subscriber, ZMQ_DONTWAIT) >= 0) {
    if (zmq_msg_size(message) == size) {
      *received += 1;
    } else if (*received > 0) {
      return true;
    }
  }
  check(zmq_errno() == EAGAIN, "zmq_msg_recv");
  return false;
}

// The seconds from the first message's arrival to the last one's, on whichever socket.
static double receive_published(const std::vector<void *> &subscribers, size_t size, long count) {
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  std::vector<zmq_pollitem_t> items;
  for (void *subscriber : subscribers) items.push_back({subscriber, 0, ZMQ_POLLIN, 0});
  std::vector<long> received(subscribers.size(), 0);
  size_t complete = 0;
  bool started = false;
  Clock::time_point start;
  while (complete < items.size()) {
    check(zmq_poll(items.data(), static_cast<int>(items.size()), -1) >= 0, "zmq_poll");
    const auto now = Clock::now();
    for (size_t index = 0; index < items.size(); index++) {
      if (!(items[index].revents & ZMQ_POLLIN)) continue;
      if (drain(subscribers[index], &message, size, &received[index])) complete++;
      if (started || received[index] == 0) continue;
      started = true;
      start = now;
    }
  }
  const double seconds = seconds_since(start);
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  for (const long messages : received) {
    if (messages == count) continue;
    fail(std::to_string(messages) + " messages arrived, not " + std::to_string(count));
  }
  return seconds;
}

static void report_ready(const std::vector<void *> &subscribers, void *report) {
  zmq_msg_t message;
  check(zmq_msg_init(&message) == 0, "zmq_msg_init");
  for (void *subscriber : subscribers) receive(subscriber, &message, probe.size());
  check(zmq_msg_close(&message) == 0, "zmq_msg_close");
  send_copy(report, "ready", 5);
}

void local_fan(const Arguments &arguments) {
  publish(arguments, [&](void *publisher, size_t) { send_new(publisher, arguments.size); });
}

void remote_fan(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  std::vector<void *> subscribers(arguments.width);
  for (void *&subscriber : subscribers) {
    subscriber = connect_socket(context, ZMQ_SUB, arguments.address, false);
    subscribe(subscriber, "");
  }
  void *report = connect_socket(context, ZMQ_PUSH, arguments.report_to);
  report_ready(subscribers, report);
  const double seconds = receive_published(subscribers, arguments.size, arguments.count);
  const double deliveries = static_cast<double>(arguments.width) * static_cast<double>(arguments.count);
  print_work(arguments.size, "message", arguments.count);
  std::printf("mean throughput: %.0f [deliveries/s]\n", (deliveries - 1) / seconds);
  for (void *subscriber : subscribers) close_socket(subscriber);
  close_socket(report);
  end_context(context);
}

void local_topics(const Arguments &arguments) {
  const auto topics = list_topics(arguments.width);
  std::vector<char> messages(topics.size() * arguments.size);
  for (size_t index = 0; index < topics.size(); index++) {
    std::memcpy(&messages[index * arguments.size], topics[index].data(), topics[index].size());
  }
  publish(arguments, [&](void *publisher, size_t number) {
    send_copy(publisher, &messages[number % topics.size() * arguments.size], arguments.size);
  });
}

void remote_topics(const Arguments &arguments) {
  void *context = zmq_ctx_new();
  void *subscriber = connect_socket(context, ZMQ_SUB, arguments.address, false);
  const auto topics = list_topics(arguments.width);
  for (size_t index = 0; index < topics.size(); index += stride) subscribe(subscriber, topics[index]);
  // The last one, both in time and in the alphabet: who gets probes has passed on all the others.
  subscribe(subscriber, probe);
  void *report = connect_socket(context, ZMQ_PUSH, arguments.report_to);
  report_ready({subscriber}, report);
  const long matches = (arguments.count + static_cast<long>(stride) - 1) / static_cast<long>(stride);
  const double seconds = receive_published({subscriber}, arguments.size, matches);
  print_work(arguments.size, "message", arguments.count);
  std::printf("mean throughput: %.0f [msg/s]\n", static_cast<double>((matches - 1) * static_cast<long>(stride)) / seconds);
  close_socket(subscriber);
  close_socket(report);
  end_context(context);
}

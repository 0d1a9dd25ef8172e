// The meters, and the lines they print.
#pragma once

#include "shared/calls.h"

struct Arguments {
  std::string address;
  std::string report_to;
  // Parts of a message, sockets or subscriptions.
  size_t width;
  size_t size;
  long count;
  // The side that binds is a server of CURVE, the other one its client.
  bool curve;
};

void *bind_socket(void *context, int type, const Arguments &arguments);
void *connect_socket(void *context, int type, const Arguments &arguments);

void print_work(size_t size, const char *what, long count);

void local_throughput(const Arguments &arguments);
void remote_throughput(const Arguments &arguments);
void local_multipart(const Arguments &arguments);
void remote_multipart(const Arguments &arguments);
void inproc_throughput(const Arguments &arguments);
void inproc_latency(const Arguments &arguments);
void local_latency(const Arguments &arguments);
void remote_latency(const Arguments &arguments);
void local_echo(const Arguments &arguments);
void remote_echo(const Arguments &arguments);
void remote_handshakes(const Arguments &arguments);
void proxy_throughput(const Arguments &arguments);
void proxy_echo(const Arguments &arguments);
void local_fan(const Arguments &arguments);
void remote_fan(const Arguments &arguments);
void local_topics(const Arguments &arguments);
void remote_topics(const Arguments &arguments);

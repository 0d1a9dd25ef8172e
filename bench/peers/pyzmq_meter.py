"""Throughput and latency of pyzmq: the same meters, arguments and printed lines as bench/meters."""

import signal
import sys
from time import perf_counter

import zmq

BURST = 1000
# Whoever started this meter gives up a little later.
DEADLINE_SECONDS = 45


def announce_endpoints(*sockets):
    print("endpoints", *(socket.getsockopt_string(zmq.LAST_ENDPOINT) for socket in sockets), flush=True)


def send_all(push, size, count):
    message = bytes(size)
    for _ in range(count):
        push.send(message)


def receive_all(pull, size, count):
    start = None
    for _ in range(count):
        message = pull.recv()
        if start is None:
            start = perf_counter()
        if len(message) != size:
            raise wrong_size(message, size)
    return perf_counter() - start


def wrong_size(message, size):
    return ValueError(f"Message of {len(message)} bytes, not {size}")


def print_throughput(size, count, seconds):
    # The clock starts at the first arrival, so it saw one message fewer.
    rate = (count - 1) / seconds
    print(f"message size: {size} [B]")
    print(f"message count: {count}")
    print(f"mean throughput: {rate:.0f} [msg/s]")
    print(f"mean throughput: {rate * size * 8 / 1e6:.3f} [Mb/s]")


def local_throughput(bind_to, size, count):
    with zmq.Context() as context, context.socket(zmq.PULL) as pull:
        pull.bind(bind_to)
        announce_endpoints(pull)
        print_throughput(size, count, receive_all(pull, size, count))


def remote_throughput(connect_to, size, count):
    with zmq.Context() as context, context.socket(zmq.PUSH) as push:
        push.connect(connect_to)
        send_all(push, size, count)


def inproc_throughput(size, count):
    # One thread, in bursts that stay below the high-water mark: with a thread for the sender the two
    # would fight for the interpreter's lock and reach half of this.
    address = "inproc://throughput"
    with zmq.Context() as context, context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
        pull.bind(address)
        push.connect(address)
        start = perf_counter()
        for begin in range(0, count, BURST):
            burst = min(BURST, count - begin)
            send_all(push, size, burst)
            receive_all(pull, size, burst)
        print_throughput(size, count, perf_counter() - start)


def local_latency(bind_to, size, count):
    with zmq.Context() as context, context.socket(zmq.REP) as reply:
        reply.bind(bind_to)
        announce_endpoints(reply)
        for _ in range(count):
            message = reply.recv()
            if len(message) != size:
                raise wrong_size(message, size)
            reply.send(message)


def remote_latency(connect_to, size, count):
    message = bytes(size)
    with zmq.Context() as context, context.socket(zmq.REQ) as request:
        request.connect(connect_to)
        start = perf_counter()
        for _ in range(count):
            request.send(message)
            reply = request.recv()
            if len(reply) != size:
                raise wrong_size(reply, size)
        seconds = perf_counter() - start
    print(f"message size: {size} [B]")
    print(f"roundtrip count: {count}")
    print(f"average latency: {seconds / count / 2 * 1e6:.3f} [us]")


METERS = {
    "local-thr": (local_throughput, "<bind-to> <message-size> <message-count>"),
    "remote-thr": (remote_throughput, "<connect-to> <message-size> <message-count>"),
    "local-lat": (local_latency, "<bind-to> <message-size> <roundtrip-count>"),
    "remote-lat": (remote_latency, "<connect-to> <message-size> <roundtrip-count>"),
    "inproc-thr": (inproc_throughput, "<message-size> <message-count>"),
}


def main(name="", *words):
    meter, usage = METERS.get(name, (None, ""))
    if meter is None or len(words) != usage.count("<") or int(words[-2]) < 0 or int(words[-1]) < 2:
        sys.exit("\n".join(f"usage: {name} {usage}" for name, (_, usage) in METERS.items()))
    signal.alarm(DEADLINE_SECONDS)
    *address, size, count = words
    meter(*address, int(size), int(count))


main(*sys.argv[1:])

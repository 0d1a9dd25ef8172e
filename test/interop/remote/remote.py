# Sockets of pyzmq that another process works with: one command a line of standard input, one answer a line of
# standard output. test/interop/remote.ts tells the commands.
import os
import sys

import zmq
import zmq.auth.thread

context = zmq.Context()
sockets = {}
# It ends when nobody has it.
authenticators = []


class Keys:
    """Knows one client of CURVE."""

    def __init__(self, key):
        self.key = key

    def callback(self, domain, key):
        return key == self.key


def authenticate(username, password, key):
    """From here on pyzmq's own authenticator decides about who comes to the servers of this process."""
    authenticator = zmq.auth.thread.ThreadAuthenticator(context)
    authenticators.append(authenticator)
    authenticator.start()
    authenticator.configure_plain("*", {username.decode(): password.decode()})
    authenticator.configure_curve_callback("*", Keys(key))


def to_bytes(word):
    return bytes.fromhex(word[1:])


def answer(command, name, *words):
    if command == "open":
        socket = sockets[name] = context.socket(getattr(zmq, words[0]))
        socket.linger = 0
        socket.rcvtimeo = 30000
        return "ok"
    if command == "authenticate":
        authenticate(*map(to_bytes, (name, *words)))
        return "ok"
    socket = sockets[name]
    if command == "set":
        value = words[1]
        socket.set(getattr(zmq, words[0]), to_bytes(value) if value[0] == "=" else int(value))
        return "ok"
    if command == "bind":
        return f"tcp://127.0.0.1:{socket.bind_to_random_port('tcp://127.0.0.1')}"
    if command == "receive":
        return " ".join("=" + frame.hex() for frame in socket.recv_multipart())
    if command == "connect":
        socket.connect(words[0])
    elif command == "name":
        socket.routing_id = to_bytes(words[0])
    elif command == "subscribe":
        socket.subscribe(to_bytes(words[0]))
    elif command == "send":
        socket.send_multipart([to_bytes(word) for word in words])
    elif command == "close":
        sockets.pop(name).close()
    else:
        raise ValueError(command)
    return "ok"


for line in sys.stdin:
    print(answer(*line.split()), flush=True)
os._exit(0)

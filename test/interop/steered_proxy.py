"""A PULL and PUSH proxy of libzmq, steered by a PAIR: says where its sockets are bound, and when it has ended."""

import zmq

context = zmq.Context()
sockets = [context.socket(kind) for kind in (zmq.PULL, zmq.PUSH, zmq.PAIR)]
for socket in sockets:
    socket.linger = 0
    socket.bind("tcp://127.0.0.1:*")
print("bound", *(socket.last_endpoint.decode() for socket in sockets), flush=True)
front_end, back_end, control = sockets
zmq.proxy_steerable(front_end, back_end, None, control)
print("ended", flush=True)

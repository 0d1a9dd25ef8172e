# python reply_server.py [port, * for any] [requests] [seconds of work]
import sys
import time

import zmq

port, count, work = (sys.argv[1:] + ["5555", "5", "1"][len(sys.argv) - 1 :])[:3]

# 1. Create a ZeroMQ Context
context = zmq.Context()

# 2. Create a REP (Reply) socket
socket = context.socket(zmq.REP)
socket.bind(f"tcp://*:{port}")  # Bind to the port on all interfaces
print(f"Bound to {socket.last_endpoint.decode()}")

print("Server is running and waiting for requests...")

for _ in range(int(count)):
    # 3. Wait for the next request from the client
    message = socket.recv_string()
    print(f"Received request: {message}")

    # 4. Do some "work"
    time.sleep(float(work))

    # 5. Send the reply back to the client
    reply = f"World from {message}"
    socket.send_string(reply)

socket.close()
context.term()

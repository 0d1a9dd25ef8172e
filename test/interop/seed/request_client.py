# python request_client.py [port] [requests]
import sys

import zmq

port, count = (sys.argv[1:] + ["5555", "5"][len(sys.argv) - 1 :])[:2]

# 1. Create a ZeroMQ Context
context = zmq.Context()

# 2. Create a REQ (Request) socket
socket = context.socket(zmq.REQ)
socket.connect(f"tcp://localhost:{port}")  # Connect to the server

print("Client is running...")

for i in range(int(count)):
    # 3. Send the request to the server
    request_message = f"Hello {i}"
    print(f"Sending request: {request_message}")
    socket.send_string(request_message)

    # 4. Wait for the reply from the server
    reply_message = socket.recv_string()
    print(f"Received reply: {reply_message}\n")

# 5. Close the socket and context
socket.close()
context.term()

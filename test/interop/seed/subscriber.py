# python subscriber.py [port] [messages]
import sys

import zmq

port, count = (sys.argv[1:] + ["5556", "10"][len(sys.argv) - 1 :])[:2]

context = zmq.Context()

# Create a SUB (Subscriber) socket
socket = context.socket(zmq.SUB)
socket.connect(f"tcp://localhost:{port}")  # Connect to the publisher

# IMPORTANT: You must subscribe to topics you want to receive.
# Subscribe to all topics by leaving the topic empty.
# socket.setsockopt(zmq.SUBSCRIBE, b"")

# Or, subscribe to specific topics
socket.setsockopt(zmq.SUBSCRIBE, b"news.sports")
# socket.setsockopt(zmq.SUBSCRIBE, b"alerts")

print("Subscriber is running and subscribed to 'news.sports' and 'alerts'...")

for _ in range(int(count)):
    # Receive a multipart message (topic first, then content)
    topic, message = socket.recv_multipart()
    print(f"Received from topic '{topic.decode()}': {message.decode()}")

socket.close()
context.term()

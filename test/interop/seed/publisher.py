# python publisher.py [port, * for any] [rounds] [seconds between rounds]
import sys
import time

import zmq

port, count, pause = (sys.argv[1:] + ["5556", "30", "1"][len(sys.argv) - 1 :])[:3]

context = zmq.Context()

# Create a PUB (Publisher) socket
socket = context.socket(zmq.PUB)
socket.bind(f"tcp://*:{port}")  # Bind to the port on all interfaces
print(f"Bound to {socket.last_endpoint.decode()}")

print("Publisher is running...")

# Topics
topics = ["news.sports", "news.weather", "alerts"]

for _ in range(int(count)):
    # Send a message for each topic
    for topic in topics:
        message = f"This is a message about {topic.split('.')[-1]}."
        # Send the topic first, then the message (multipart message)
        socket.send_multipart([topic.encode(), message.encode()])
        print(f"Sent to topic '{topic}': {message}")
    time.sleep(float(pause))

socket.close()
context.term()

# python pusher.py [tasks port, * for any] [feedback port, * for any] [tasks] [seconds between tasks]
import sys
import time

import zmq

defaults = ["5557", "5558", "10", "0.5"]
port, feedback_port, count, pause = (sys.argv[1:] + defaults[len(sys.argv) - 1 :])[:4]

context = zmq.Context()

# Create a PUSH (Pusher) socket
socket = context.socket(zmq.PUSH)
socket.bind(f"tcp://*:{port}")
print(f"Bound to {socket.last_endpoint.decode()}")

print("Pusher is running and sending tasks...")

# Create a PULL (Puller) socket to get feedback from workers
feedback_socket = context.socket(zmq.PULL)
feedback_socket.bind(f"tcp://*:{feedback_port}")
print(f"Feedback bound to {feedback_socket.last_endpoint.decode()}")

for i in range(int(count)):
    task = f"Task {i}"
    print(f"Sending task: {task}")
    socket.send_string(task)

    # Wait for feedback from a worker
    feedback = feedback_socket.recv_string()
    print(f"Received feedback: {feedback}\n")
    time.sleep(float(pause))

socket.close()
feedback_socket.close()
context.term()

# python worker.py [tasks port] [feedback port] [tasks] [most seconds of work]
import random
import sys
import time

import zmq

defaults = ["5557", "5558", "3", "2"]
port, feedback_port, count, most = (sys.argv[1:] + defaults[len(sys.argv) - 1 :])[:4]

context = zmq.Context()

# Create a PULL (Puller) socket to receive tasks
receiver = context.socket(zmq.PULL)
receiver.connect(f"tcp://localhost:{port}")

# Create a PUSH (Pusher) socket to send feedback
sender = context.socket(zmq.PUSH)
sender.connect(f"tcp://localhost:{feedback_port}")

print("Worker is running and waiting for tasks...")

for _ in range(int(count)):
    # Receive a task
    task = receiver.recv_string()
    print(f"Worker received: {task}")

    # Simulate doing work
    time.sleep(random.uniform(0.25, 1) * float(most))

    # Send feedback
    feedback = f"Finished {task}"
    print(f"Worker sending feedback: {feedback}")
    sender.send_string(feedback)

receiver.close()
sender.close()
context.term()

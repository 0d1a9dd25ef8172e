# A REP of pyzmq that is a server of CURVE with the certificate of a file, and lets in whose certificates are in a folder.
import sys

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator

context = zmq.Context()
authenticator = ThreadAuthenticator(context)
authenticator.start()
authenticator.configure_curve(domain="*", location=sys.argv[2])
socket = context.socket(zmq.REP)
socket.linger = 0
socket.rcvtimeo = 30000
socket.curve_publickey, socket.curve_secretkey = zmq.auth.load_certificate(sys.argv[1])
socket.curve_server = True
print(f"bound tcp://127.0.0.1:{socket.bind_to_random_port('tcp://127.0.0.1')}", flush=True)
socket.send(socket.recv())
socket.close()
authenticator.stop()
context.term()

"""What pyzmq's Authenticator answers: scenes of rules and requests come in as JSON, the replies go out as JSON."""

import json
import sys

import zmq.auth


class Socket:
    """Stands in for the ZAP socket, and keeps the reply."""

    reply = None

    def send_multipart(self, frames):
        self.reply = [frame.hex() for frame in frames]


class Provider:
    def __init__(self, keys):
        self.keys = keys

    def callback(self, domain, key):
        return key.decode() in self.keys


def play(scene):
    authenticator = zmq.auth.Authenticator()
    if scene.get("allow"):
        authenticator.allow(*scene["allow"])
    if scene.get("deny"):
        authenticator.deny(*scene["deny"])
    for domain, passwords in scene.get("passwords", {}).items():
        authenticator.configure_plain(domain, passwords)
    for domain, location in scene.get("folders", {}).items():
        authenticator.configure_curve(domain, location)
    for domain, keys in scene.get("callbacks", {}).items():
        authenticator.configure_curve_callback(domain, Provider(keys))
    return [answer(authenticator, request["frames"]) for request in scene["requests"]]


def answer(authenticator, frames):
    authenticator.zap_socket = Socket()
    try:
        authenticator.handle_zap_message([bytes.fromhex(frame) for frame in frames])
    except ValueError:
        return "ValueError"
    return authenticator.zap_socket.reply


print(json.dumps([play(scene) for scene in json.load(sys.stdin)]))

# What pyzmq has beside its sockets, for pyzmq.test.ts: python pyzmq_side.py what [address]
import asyncio
import inspect
import logging
import sys

import zmq
import zmq.asyncio
import zmq.auth
import zmq.decorators
import zmq.devices
import zmq.log.handlers
import zmq.utils.monitor

PATIENCE = 20000


def open_socket(kind, address):
    socket = zmq.Context.instance().socket(kind)
    socket.rcvtimeo = PATIENCE
    socket.connect(address)
    return socket


def log(address):
    """Logs what a program logs, when somebody has asked for it."""
    socket = open_socket(zmq.XPUB, address)
    socket.recv()
    handler = zmq.log.handlers.PUBHandler(socket, root_topic="shop")
    logger = logging.getLogger("shop")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    logger.info("open")
    logger.info("till::pàper is in")
    logger.error("till::out of paper")
    socket.close()


def listen(address):
    """Prints what the till of the shop has to tell of errors."""
    socket = open_socket(zmq.SUB, address)
    socket.subscribe("shop.ERROR.till")
    topic, text = socket.recv_multipart()
    print(f"{topic.decode()}: {text.decode()}")


def json(address):
    """Gives back what it has understood."""
    socket = open_socket(zmq.REP, address)
    for _ in range(3):
        value = socket.recv_json()
        print(repr(value))
        socket.send_json(value)
    socket.close()


def monitored():
    """A monitored queue, as a device in a thread."""
    device = zmq.devices.ThreadMonitoredQueue(zmq.ROUTER, zmq.DEALER, zmq.PUB, b"in", b"out")
    ports = [
        device.bind_in_to_random_port("tcp://127.0.0.1"),
        device.bind_out_to_random_port("tcp://127.0.0.1"),
        device.bind_mon_to_random_port("tcp://127.0.0.1"),
    ]
    device.start()
    print("Ports", *ports)
    device.join(PATIENCE / 1000)


def concurrent(address):
    """Two clients of asyncio at a time, which wait with a poller."""

    async def ask(name):
        socket = zmq.asyncio.Context.instance().socket(zmq.REQ)
        socket.connect(address)
        poller = zmq.asyncio.Poller()
        poller.register(socket, zmq.POLLIN)
        await socket.send_string(f"Hello {name}")
        assert dict(await poller.poll(PATIENCE))[socket] == zmq.POLLIN
        answer = await socket.recv_string()
        socket.close()
        return answer

    async def ask_both():
        for answer in await asyncio.gather(ask("anna"), ask("ben")):
            print(answer)

    asyncio.run(ask_both())


def tracked(address):
    """A large message that is not copied, and waited for until it has left."""
    socket = open_socket(zmq.PUSH, address)
    tracker = socket.send(b"x" * 1_000_000, copy=False, track=True)
    tracker.wait(PATIENCE / 1000)
    print("Done", tracker.done)
    socket.send_multipart([b"more", zmq.Frame(b"frames")], copy=False)
    socket.close()


def names():
    """Prints what there is to call, each with where it is."""
    classes = [zmq.Context, zmq.Socket, zmq.Poller, zmq.Frame, zmq.MessageTracker]
    classes += [zmq.auth.Authenticator, zmq.log.handlers.PUBHandler]
    for one in classes:
        for base in one.__mro__:
            if not base.__module__.startswith("zmq"):
                continue
            for name in vars(base):
                # Options and constants are in upper case; what begins with _ is no one's business.
                if not name.startswith("_") and not name.isupper():
                    print("Name", one.__name__, name)
    modules = [zmq.error, zmq.devices, zmq.utils.monitor]
    for module in modules:
        for name in module.__all__:
            print("Name", module.__name__, name)
    for module in (zmq.auth, zmq.decorators):
        for name, value in vars(module).items():
            if not name.startswith("_") and inspect.isfunction(value) and value.__module__.startswith("zmq"):
                print("Name", module.__name__, name)
    for name in ("proxy", "proxy_steerable", "device", "select", "has", "curve_keypair", "curve_public"):
        assert hasattr(zmq, name), name
        print("Name", "zmq", name)
    for option in (*zmq.SocketOption, *zmq.ContextOption):
        print("Option", option.name)


what, *rest = sys.argv[1:]
globals()[what](*rest)

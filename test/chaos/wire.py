# Usage: wire.py faulty <seed>, or wire.py version6: a network namespace for others to enter, while this process lives.
#
# "faulty": what is sent to 10.99.0.2 comes back to 10.99.0.1, as from 10.99.0.2, through this program, which delays,
# drops, doubles and reorders packets as it is told by lines of JSON. Exchanging the addresses leaves checksums right.
# "version6": nothing but the loopback, and that without IPv4.
import fcntl, heapq, json, os, random, select, struct, subprocess, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
MOST_QUEUED = 2000


def run(*command):
    subprocess.run(command, check=True)


run("ip", "link", "set", "lo", "up")
if sys.argv[1] == "version6":
    run("ip", "address", "del", "127.0.0.1/8", "dev", "lo")
    print('"ready"', flush=True)
    sys.stdin.read()
    sys.exit(0)

tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", b"wire", IFF_TUN | IFF_NO_PI))
run("ip", "address", "add", "10.99.0.1/24", "dev", "wire")
run("ip", "link", "set", "wire", "up")
print('"ready"', flush=True)

faults = {"latency": 0, "jitter": 0, "loss": 0, "double": 0, "parted": False}
waiting, number, heard = [], 0, b""
chance = random.Random(int(sys.argv[2]))


def queue(packet, now):
    global number
    if faults["parted"] or chance.random() < faults["loss"] or len(waiting) >= MOST_QUEUED:
        return
    due = now + faults["latency"]
    # Packets with times of their own overtake each other; those without do not.
    if faults["jitter"] > 0:
        due += chance.random() * faults["jitter"]
    number += 1
    heapq.heappush(waiting, (due, number, packet))


while True:
    pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    readable, _, _ = select.select([tun, 0], [], [], pause)
    if 0 in readable:
        said = os.read(0, 4096)
        if said == b"":
            break
        heard += said
        *lines, heard = heard.split(b"\n")
        for line in lines:
            faults.update(json.loads(line))
            print('"done"', flush=True)
    now = time.monotonic()
    if tun in readable:
        packet = bytearray(os.read(tun, 65536))
        if packet[0] >> 4 == 4:
            packet[12:16], packet[16:20] = packet[16:20], packet[12:16]
            for _ in range(2 if chance.random() < faults["double"] else 1):
                queue(bytes(packet), now)
    while waiting and waiting[0][0] <= now:
        try:
            os.write(tun, heapq.heappop(waiting)[2])
        except OSError:
            pass  # There is no room: a router would drop it too.

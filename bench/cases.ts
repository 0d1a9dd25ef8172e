import type { PeerName } from "./peer.js"
import type { Unit } from "./unit.js"

/** The local one binds, the remote one connects. */
export type Side = "local" | "remote"

export interface Case {
  readonly title: string
  readonly meter:
    | "thr"
    | "multipart"
    | "lat"
    | "echo"
    | "handshakes"
    | "fan"
    | "topics"
    | "inproc-thr"
    | "threads-thr"
    | "threads-lat"
  readonly transport: "tcp" | "ipc" | "inproc"
  readonly unit: Unit
  /** Parts of a message, sockets or subscriptions, for the meters that take one. */
  readonly width?: number
  readonly size: number
  /** The peers that take part, each with a count that keeps it busy for about two seconds: compilers are done early on. */
  readonly counts: ByPeer
  /** How many times a peer's speed puremq should reach at least. */
  readonly targets: ByPeer
  /** The same of puremq where sodium-native has been installed. */
  readonly nativeTargets?: ByPeer
  /** The side that libzmq plays, or both, whoever plays the rest. */
  readonly libzmqPlays?: Side | "both"
  /** The remote side connects to a proxy in a process of its own, which connects to the local side. */
  readonly proxied?: true
  /** The local side is a server of CURVE, the remote one its client. */
  readonly curve?: true
}

type ByPeer = Readonly<Partial<Record<PeerName, number>>>

export const cases: readonly Case[] = [
  throughput("tcp", "16 B", 16, count(15e6, { zeromq: 5e5, pyzmq: 25e5 }), {
    libzmq: 1.3,
    zeromq: 10,
    pyzmq: 4,
  }),
  throughput("tcp", "64 B", 64, count(1e7, { zeromq: 5e5, pyzmq: 25e5 }), {
    libzmq: 1.4,
    zeromq: 10,
    pyzmq: 4,
  }),
  throughput("tcp", "256 B", 256, count(6e6, { zeromq: 4e5 }), { libzmq: 1.5, zeromq: 10 }),
  throughput("tcp", "1 KiB", 1024, count(2e6, { zeromq: 4e5 }), { libzmq: 2, zeromq: 5 }),
  throughput("tcp", "64 KiB", 65536, count(8e4, { zeromq: 4e4 }), { libzmq: 1 }),
  throughput("tcp", "1 MiB", 1048576, count(6e3, { zeromq: 3e3 }), { libzmq: 1 }),
  throughput("ipc", "16 B", 16, count(15e6), { libzmq: 1.2 }),
  throughput("ipc", "64 B", 64, count(1e7), { libzmq: 1.2 }),
  throughput("ipc", "256 B", 256, count(6e6), { libzmq: 1.2 }),
  throughput("ipc", "1 KiB", 1024, count(2e6), { libzmq: 1.2 }),
  throughput("ipc", "64 KiB", 65536, count(1e5), { libzmq: 1 }),
  throughput("ipc", "1 MiB", 1048576, count(8e3), { libzmq: 1 }),
  {
    title: "PUSH/PULL tcp 3 x 16 B",
    meter: "multipart",
    transport: "tcp",
    unit: "msg/s",
    width: 3,
    size: 16,
    counts: count(4e6),
    targets: { libzmq: 1.3 },
  },
  latency("tcp", "1 B", 1, count(6e4, { zeromq: 3e4 })),
  latency("tcp", "1 KiB", 1024, count(6e4)),
  latency("ipc", "1 B", 1, count(6e4)),
  latency("ipc", "1 KiB", 1024, count(6e4)),
  {
    title: "DEALER/ROUTER tcp 64 B, 100 dealers",
    meter: "echo",
    transport: "tcp",
    unit: "round trips/s",
    width: 100,
    size: 64,
    counts: count(3e6),
    targets: { libzmq: 1.2 },
  },
  fanOut(10, count(1e6)),
  fanOut(100, count(1e5)),
  {
    title: "PUB/SUB tcp 64 B, 10,000 subscriptions",
    meter: "topics",
    transport: "tcp",
    unit: "msg/s",
    width: 1e4,
    size: 64,
    counts: count(1e7),
    targets: { libzmq: 1 },
  },
  inproc("16 B", 16),
  inproc("64 B", 64),
  threads("64 B", 64, count(3e6, { zeromq: 5e5 })),
  threads("1 KiB", 1024, count(1e6, { zeromq: 5e5 })),
  {
    title: "REQ/REP inproc 1 B, two threads, one way",
    meter: "threads-lat",
    transport: "inproc",
    unit: "us",
    size: 1,
    counts: count(5e4, { zeromq: 2e4 }),
    targets: { libzmq: 1 / 1.5 },
  },
  { ...mixed("PUSH to libzmq's PULL tcp 64 B"), libzmqPlays: "local" },
  { ...mixed("PULL from libzmq's PUSH tcp 64 B"), libzmqPlays: "remote" },
  curve("64 B", 64, count(4e6, { zeromq: 3e5 }), 1.5),
  curve("1 KiB", 1024, count(8e5, { zeromq: 2e5 }), 1),
  curve("64 KiB", 65536, count(2e4), 0.75),
  {
    title: "DEALER/ROUTER tcp, 50 at a time come and go with CURVE",
    meter: "handshakes",
    transport: "tcp",
    unit: "round trips/s",
    width: 50,
    size: 1,
    counts: { ...count(4e3, { zeromq: 4e3 }), "puremq-native": 4e3 },
    targets: {},
    curve: true,
  },
  proxied("PUSH/PULL proxy tcp 64 B", { meter: "thr", unit: "msg/s", counts: count(4e6) }),
  proxied("ROUTER/DEALER proxy tcp 64 B, 10 dealers", {
    meter: "echo",
    unit: "round trips/s",
    width: 10,
    counts: count(1e6),
  }),
]

/** Peers of about the same speed do the same work; `slower` ones take part with a count of their own. */
function count(close: number, slower: ByPeer = {}): ByPeer {
  return { puremq: close, "puremq-lts": close, libzmq: close, ...slower }
}

function throughput(
  transport: "tcp" | "ipc",
  label: string,
  size: number,
  counts: ByPeer,
  targets: ByPeer,
): Case {
  const unit = size < 65536 ? "msg/s" : "Gb/s"
  return { title: `PUSH/PULL ${transport} ${label}`, meter: "thr", transport, unit, size, counts, targets }
}

function latency(transport: "tcp" | "ipc", label: string, size: number, counts: ByPeer): Case {
  // At most 0.85 of the other one's time.
  const targets = { libzmq: 1 / 0.85 }
  const title = `REQ/REP ${transport} ${label}, one way`
  return { title, meter: "lat", transport, unit: "us", size, counts, targets }
}

function fanOut(subscribers: number, counts: ByPeer): Case {
  return {
    title: `PUB/SUB tcp 64 B, ${subscribers} subscribers`,
    meter: "fan",
    transport: "tcp",
    unit: "deliveries/s",
    width: subscribers,
    size: 64,
    counts,
    targets: { libzmq: 1.3 },
  }
}

function inproc(label: string, size: number): Case {
  return {
    title: `PUSH/PULL inproc ${label}`,
    meter: "inproc-thr",
    transport: "inproc",
    unit: "msg/s",
    size,
    counts: count(1e7, { zeromq: 5e5, pyzmq: 2e6 }),
    targets: { libzmq: 1 },
  }
}

function threads(label: string, size: number, counts: ByPeer): Case {
  return {
    title: `PUSH/PULL inproc ${label}, two threads`,
    meter: "threads-thr",
    transport: "inproc",
    unit: "msg/s",
    size,
    counts,
    targets: { libzmq: 0.5, zeromq: 5 },
  }
}

function mixed(title: string): Case {
  return {
    title,
    meter: "thr",
    transport: "tcp",
    unit: "msg/s",
    size: 64,
    counts: count(8e6),
    targets: { libzmq: 1 },
  }
}

function curve(label: string, size: number, counts: ByPeer, toZeromq: number): Case {
  const plain = throughput("tcp", label, size, counts, { zeromq: toZeromq })
  const native = counts.puremq as number
  return {
    ...plain,
    title: `${plain.title} with CURVE`,
    counts: { zeromq: native, ...counts, "puremq-native": native },
    nativeTargets: { libzmq: 1 },
    curve: true,
  }
}

/** The proxy alone is whose turn it is. */
function proxied(title: string, measured: Pick<Case, "meter" | "unit" | "width" | "counts">): Case {
  return {
    ...measured,
    title: `${title}, between libzmq's ends`,
    transport: "tcp",
    size: 64,
    targets: { libzmq: 1 },
    libzmqPlays: "both",
    proxied: true,
  }
}

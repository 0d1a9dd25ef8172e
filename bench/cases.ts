import type { PeerName } from "./peers.js"

export interface Case {
  readonly title: string
  readonly meter: "thr" | "lat" | "inproc-thr"
  readonly size: number
  /** Chosen so that each peer works for about 1 to 4 seconds: what is compared is rates. */
  readonly counts: Readonly<Record<PeerName, number>>
}

export const cases: readonly Case[] = [
  throughput("16 B", 16, { puremq: 5e6, libzmq: 8e6, pyzmq: 12e5, zeromq: 4e5 }),
  throughput("64 B", 64, { puremq: 5e6, libzmq: 6e6, pyzmq: 12e5, zeromq: 4e5 }),
  throughput("256 B", 256, { puremq: 5e6, libzmq: 3e6, pyzmq: 1e6, zeromq: 3e5 }),
  throughput("1 KiB", 1024, { puremq: 25e5, libzmq: 12e5, pyzmq: 8e5, zeromq: 3e5 }),
  throughput("64 KiB", 65536, { puremq: 6e4, libzmq: 8e4, pyzmq: 4e4, zeromq: 3e4 }),
  throughput("1 MiB", 1048576, { puremq: 5e3, libzmq: 5e3, pyzmq: 3e3, zeromq: 4e3 }),
  latency("1 B", 1, { puremq: 1e5, libzmq: 1e5, pyzmq: 5e4, zeromq: 2e4 }),
  latency("1 KiB", 1024, { puremq: 1e5, libzmq: 1e5, pyzmq: 5e4, zeromq: 2e4 }),
  inproc("16 B", 16, { puremq: 3e6, libzmq: 8e6, pyzmq: 12e5, zeromq: 3e5 }),
  inproc("64 B", 64, { puremq: 3e6, libzmq: 8e6, pyzmq: 12e5, zeromq: 3e5 }),
]

function throughput(label: string, size: number, counts: Case["counts"]): Case {
  return { title: `PUSH/PULL tcp ${label}`, meter: "thr", size, counts }
}

function latency(label: string, size: number, counts: Case["counts"]): Case {
  return { title: `REQ/REP tcp ${label}`, meter: "lat", size, counts }
}

function inproc(label: string, size: number, counts: Case["counts"]): Case {
  return { title: `PUSH/PULL inproc ${label}`, meter: "inproc-thr", size, counts }
}

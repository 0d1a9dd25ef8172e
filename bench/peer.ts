import type { Command } from "./meter-process.js"

/** In the order of every table and picture. */
export const peerNames = ["puremq", "puremq-lts", "puremq-native", "libzmq", "zeromq", "pyzmq"] as const

export type PeerName = (typeof peerNames)[number]

export interface Peer {
  readonly name: PeerName
  readonly version: string
  /** The command that starts a meter; the meter's arguments follow it. */
  meter(name: string): Command
}

/** Meters of one kind, which peers have in their own languages. */
export interface MeterKit {
  /** The folder of Node's meters, as they are built. */
  readonly folder: string
  /** The folder of the sources of libzmq's meters, from the package's root. */
  readonly libzmq: string
}

/** Why this machine does not have a peer. */
export interface Missing {
  readonly missing: string
}

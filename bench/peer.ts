import type { Command } from "./meter-process.js"

/** In the order of every table and picture. */
export const peerNames = ["puremq", "puremq-lts", "libzmq", "zeromq", "pyzmq"] as const

export type PeerName = (typeof peerNames)[number]

export interface Peer {
  readonly name: PeerName
  readonly version: string
  /** The command that starts a meter; the meter's arguments follow it. */
  meter(name: string): Command
}

/** Why this machine does not have a peer. */
export interface Missing {
  readonly missing: string
}

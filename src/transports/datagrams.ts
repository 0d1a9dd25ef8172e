// What UDP takes from a platform.

import type { DatagramAddress } from "../datagram.js"
import type { TransportSettings } from "./transport.js"

/** What a datagram socket is for. */
export interface DatagramPlan {
  /** Where to listen, port 0 for any; undefined: only to send. */
  readonly local: DatagramAddress | undefined
  /** The numeric address of a multicast group, to send to or to join. */
  readonly group: string | undefined
  /** The interface of the machine that multicast goes by, its name or numeric address; undefined: the system's choice. */
  readonly interface: string | undefined
  /** Whether addresses are those of IPv6. */
  readonly ipv6: boolean
}

/** Hears of a datagram socket. */
export interface DatagramHandler {
  /** A datagram, in memory of its own. */
  received(bytes: Uint8Array, from: DatagramAddress): void
  /** The socket cannot go on. */
  failed(error: Error): void
}

/** A socket of UDP; it never keeps the process alive by itself. */
export interface DatagramSocket {
  /** Where it listens, or sends from; port 0 before anything was sent. */
  readonly local: DatagramAddress
  /** `done` hears when the datagram has left the process, or could not; the memory may be used again then. */
  send(bytes: Uint8Array, to: DatagramAddress, done: (error: Error | null) => void): void
  /** Closes at once; resolves when the address is free. The handler hears nothing any more. */
  close(): Promise<void>
}

/** UDP as a platform has it. */
export interface DatagramPlatform {
  /** Opens a socket, bound at once. Throws the platform's error. */
  open(plan: DatagramPlan, settings: TransportSettings, handler: DatagramHandler): DatagramSocket
}

/** The version of libzmq whose behaviour this is: programs ask it for features. (zmq_version(3)) */
export const version: string = "4.3.5"

/** What there is of what a build of libzmq may lack, by zeromq.js's names. (zmq_has(3)) */
export interface Capability {
  /** `ipc://`: sockets of the file system. */
  readonly ipc: boolean
  /** `tipc://`: the cluster protocol of Linux. */
  readonly tipc: boolean
  /** `pgm://` and `epgm://`: multicast. */
  readonly pgm: boolean
  /** `norm://`: multicast. */
  readonly norm: boolean
  /** The mechanism CURVE. */
  readonly curve: boolean
  /** The mechanism GSSAPI. */
  readonly gssapi: boolean
  /** Socket types and options that libzmq calls drafts. */
  readonly draft: boolean
}

/** What this library can do; see {@link Capability}. */
export const capability: Capability = Object.freeze({
  ipc: true,
  tipc: false,
  pgm: false,
  norm: false,
  curve: true,
  gssapi: false,
  draft: true,
})

// What Clone's servers and clients say to each other: entries of five frames, key, number, two that are empty here, and
// the value (RFC 12).
export interface Entry {
  readonly key: string
  /** The number of the change that made it, counted by the server. */
  readonly sequence: number
  /** Empty: the entry is gone. */
  readonly value: string
}

/** Asks for a snapshot; the part of the keys that is wanted goes with it. */
export const SNAPSHOT = "ICANHAZ?"
/** The key that ends a snapshot, with the number of the last change in it. */
export const END = "KTHXBAI"
/** The key of what a server says when it has nothing to say. */
export const ALIVE = "HUGZ"

/** Ms between two signs of life. */
export const interval: number = Number(process.env.HEARTBEAT_INTERVAL ?? 1000)

export function toFrames({ key, sequence, value }: Entry): (string | Buffer)[] {
  const number = Buffer.alloc(8)
  number.writeBigUInt64BE(BigInt(sequence))
  return [key, number, "", "", value]
}

export function toEntry([key, number, , , value]: Buffer[]): Entry {
  const sequence = number?.length === 8 ? Number(number.readBigUInt64BE()) : 0
  return { key: `${key}`, sequence, value: `${value ?? ""}` }
}

/** A server's three addresses in one word: for snapshots, for changes of all, for those of one client. */
export function addressesOf(server: string): [snapshots: string, updates: string, changes: string] {
  const [snapshots, updates, changes] = server.split(",")
  if (!snapshots || !updates || !changes) throw new TypeError(`Three addresses are needed: ${server}`)
  return [snapshots, updates, changes]
}

// What broker and worker of Paranoid Pirate say besides requests and replies: one byte each (RFC 6).
export const READY: Buffer = Buffer.of(1)
export const HEARTBEAT: Buffer = Buffer.of(2)

/** Ms between two heartbeats. */
export const interval: number = Number(process.env.HEARTBEAT_INTERVAL ?? 1000)

/** Who has not been heard for so many ms is taken for dead. */
export const patience: number = 3 * interval

// The words of the Majordomo protocol (RFC 7).
export const CLIENT = "MDPC01"
export const WORKER = "MDPW01"

/** What workers and broker say to each other. */
export const READY: Buffer = Buffer.of(1)
export const REQUEST: Buffer = Buffer.of(2)
export const REPLY: Buffer = Buffer.of(3)
export const HEARTBEAT: Buffer = Buffer.of(4)
export const DISCONNECT: Buffer = Buffer.of(5)

/** Ms between two heartbeats of broker and worker. */
export const interval: number = Number(process.env.HEARTBEAT_INTERVAL ?? 2500)

/** Who has not been heard for so many ms is taken for dead. */
export const patience: number = 4 * interval

// The machine's monotonic clock, which all processes read alike.

/** Nanoseconds, written into a message. */
export function writeTime(body: Buffer, at: number, time: bigint = process.hrtime.bigint()): void {
  body.writeBigInt64LE(time, at)
}

/** Seconds since the time that stands in a message. */
export function secondsSince(body: Buffer, at: number): number {
  return Number(process.hrtime.bigint() - body.readBigInt64LE(at)) / 1e9
}

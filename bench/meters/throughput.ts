import type { MessageLike, Pull, Push } from "puremq"

export async function sendAll(
  push: Push,
  message: MessageLike | MessageLike[],
  count: number,
): Promise<void> {
  for (let sent = 0; sent < count; sent++) await push.send(message)
}

/** Resolves with the seconds from the first message's arrival to the last one's. */
export async function receiveAll(pull: Pull, size: number, count: number): Promise<number> {
  let received = 0
  let start = 0
  for await (const [message] of pull) {
    if (message?.length !== size) throw new Error(`Message of ${message?.length} bytes, not ${size}`)
    if (received === 0) start = performance.now()
    received += 1
    if (received === count) break
  }
  return (performance.now() - start) / 1000
}

export function printThroughput(size: number, count: number, seconds: number): void {
  // The clock starts at the first arrival, so it saw one message fewer.
  const rate = (count - 1) / seconds
  console.log(`message size: ${size} [B]`)
  console.log(`message count: ${count}`)
  console.log(`mean throughput: ${Math.round(rate)} [msg/s]`)
  console.log(`mean throughput: ${((rate * size * 8) / 1e6).toFixed(3)} [Mb/s]`)
}

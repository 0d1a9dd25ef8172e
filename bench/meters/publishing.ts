import { setTimeout as pause } from "node:timers/promises"
import type { Publisher, Pull, Subscriber } from "puremq"

/**
 * Told apart from messages by its size. Probes go first, until every subscriber has seen one, and one goes last:
 * whoever gets it has got everything, or has lost something.
 */
export const probe = "probe"

/** Sends probes until the subscribers say that they have seen them. */
export async function probeUntilReady(publisher: Publisher, reports: Pull): Promise<void> {
  let ready = false
  const reported = reports.receive().then(() => {
    ready = true
  })
  while (!ready) {
    await publisher.send(probe)
    await Promise.race([reported, pause(5)])
  }
}

/** Resolves with the seconds from the first message's arrival to the last one's, on whichever socket. */
export async function receivePublished(
  subscribers: readonly Subscriber[],
  size: number,
  count: number,
): Promise<number> {
  let start = 0
  const receive = async (subscriber: Subscriber) => {
    let received = 0
    for await (const [message] of subscriber) {
      if (message?.length === size) {
        if (start === 0) start = performance.now()
        received += 1
      } else if (received > 0) {
        break
      }
    }
    if (received !== count) throw new Error(`${received} messages arrived, not ${count}`)
  }
  await Promise.all(subscribers.map(receive))
  return (performance.now() - start) / 1000
}

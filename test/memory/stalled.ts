// A peer that stops reading: what a sender takes then, what that costs, and whether all of it arrives in the end.
import assert from "node:assert/strict"
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { LARGEST_SHARED_CHUNK } from "#src/wire/decoder.js"
import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { within } from "../suites/deadline.js"
import { takeHoldings } from "./holdings.js"
import { kernelBytes } from "./kernel.js"

export interface Stall {
  readonly transport: "tcp" | "ipc"
  readonly size: number
  readonly mark: number
  readonly milliseconds: number
}

export interface StallResult {
  readonly accepted: number
  readonly bound: number
  /** Bytes held more at the end of the stall than when it began. */
  readonly risen: number
}

/** Looks, a millisecond apart, that must all find no room before nothing moves any more. */
const QUIET_LOOKS = 300

/** Needs --expose-gc. Throws when a message is lost or out of order. */
export async function stall({ transport, size, mark, milliseconds }: Stall): Promise<StallResult> {
  const pull = new zmq.Pull({ receiveHighWaterMark: mark })
  const push = new zmq.Push({ sendHighWaterMark: mark, linger: 0 })
  try {
    await pull.bind(transport === "tcp" ? "tcp://127.0.0.1:0" : "ipc://*")
    push.connect(pull.lastEndpoint as string)
    const body = Buffer.alloc(size)
    let accepted = 0
    const offer = (): boolean => {
      // Large bodies are referenced, so the number goes in a frame of its own.
      if (!push.trySend([String(accepted), body])) return false
      accepted++
      return true
    }
    await fill(offer)
    const before = takeHoldings().memory
    const end = performance.now() + milliseconds
    while (performance.now() < end) {
      offer()
      await turn()
    }
    const risen = takeHoldings().memory - before
    for (let number = 0; number < accepted; number++) {
      const [name, load] = await within(pull.receive(), `message ${number} of ${accepted}`)
      assert.equal(String(name), String(number))
      assert.equal(load?.length, size)
    }
    // One frame of a few digits and one of the body, each with a header of at most nine bytes.
    const wireBytes = size + 9 + 3
    // What the kernel holds, and a slab (or a body) on its way on either side.
    const between = kernelBytes(transport) + LARGE_BATCH_BYTES + LARGEST_SHARED_CHUNK + 2 * size
    return { accepted, bound: 2 * mark + Math.ceil(between / wireBytes), risen }
  } finally {
    push.close()
    pull.close()
  }
}

async function fill(offer: () => boolean): Promise<void> {
  for (let quiet = 0; quiet < QUIET_LOOKS; quiet++) {
    while (offer()) quiet = 0
    await delay(1)
  }
}

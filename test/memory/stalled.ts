// A peer that stops reading: what a sender takes then, what that costs, and whether all of it arrives in the end.
import assert from "node:assert/strict"
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises"
import * as zmq from "puremq"
import { LARGEST_SHARED_CHUNK } from "#src/wire/chunk-plan.js"
import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import { within } from "../suites/deadline.js"
import type { Library } from "../suites/library.js"
import { hasCode } from "../suites/talk.js"
import { heldAtRest } from "./holdings.js"
import { kernelBytes } from "./kernel.js"

export interface Stall {
  readonly transport: "tcp" | "ipc" | "ws"
  readonly size: number
  readonly mark: number
  readonly milliseconds: number
  /** Whose PULL it is that stops reading. */
  readonly reader: Library
}

export interface StallResult {
  readonly accepted: number
  readonly bound: number
  /** Bytes held more at the end of the stall than when it began. */
  readonly risen: number
}

/** Looks, a millisecond apart, that must all find no room before nothing moves any more. */
const QUIET_LOOKS = 300
/** Sends that wait at a time while nothing moves. */
const PENDING = 10

/** Throws when a message is lost or out of order. */
export async function stall({ transport, size, mark, milliseconds, reader }: Stall): Promise<StallResult> {
  const pull = new reader.zmq.Pull({ receiveHighWaterMark: mark })
  const push = new zmq.Push({ sendHighWaterMark: mark, linger: 0 })
  try {
    await pull.bind(transport === "ipc" ? "ipc://*" : `${transport}://127.0.0.1:*`)
    push.connect(pull.lastEndpoint as string)
    const body = Buffer.alloc(size)
    const bound = 2 * mark + Math.ceil(betweenQueues(transport, size) / wireBytes(size))
    const taken: number[] = []
    let offered = 0
    // Large bodies are referenced, so the number goes in a frame of its own.
    const offer = (): boolean => {
      if (!push.trySend([String(offered), body])) return false
      taken.push(offered++)
      // Else it would never end.
      assert.ok(taken.length <= bound, `more than ${bound} were taken`)
      return true
    }
    const wait = async (signal?: AbortSignal): Promise<void> => {
      const number = offered++
      try {
        await push.send([String(number), body], signal && { signal })
        taken.push(number)
      } catch (error) {
        if (!signal?.aborted && !hasCode(error, "EAGAIN")) throw error
      }
    }
    await fill(offer)
    const before = await heldAtRest()
    const end = performance.now() + milliseconds
    while (performance.now() < end) {
      if (offer()) continue
      await giveUpSends(push, wait)
    }
    const risen = (await heldAtRest()) - before
    const accepted = taken.length
    for (const number of taken) {
      const [name, load] = await within(pull.receive(), `message ${number}, one of ${accepted}`)
      assert.equal(String(name), String(number))
      assert.equal(load?.length, size)
    }
    return { accepted, bound, risen }
  } finally {
    push.close()
    pull.close()
  }
}

/** What may be on its way: what the kernel holds, and a batch (or a body) and a read at the ends. */
export function betweenQueues(transport: "tcp" | "ipc" | "ws", size: number): number {
  return kernelBytes(transport) + LARGE_BATCH_BYTES + LARGEST_SHARED_CHUNK + 2 * size
}

/** At least: one frame of a digit and one of the body, each with a header. */
export function wireBytes(size: number): number {
  return size + 2 + 2 + 1
}

/** Offers until there has been no room, and nothing has come, for a while: all is at rest then. */
async function fill(offer: () => boolean): Promise<void> {
  let held = 0
  for (let quiet = 0; quiet < QUIET_LOOKS; quiet++) {
    while (offer()) quiet = 0
    await delay(1)
    const { arrayBuffers } = process.memoryUsage()
    if (arrayBuffers !== held) quiet = 0
    held = arrayBuffers
  }
}

/** Sends that wait in vain must leave nothing behind, be they aborted or out of time. */
async function giveUpSends(push: zmq.Push, wait: (signal?: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController()
  push.sendTimeout = 1
  const late = Array.from({ length: PENDING }, () => wait())
  push.sendTimeout = -1
  const aborted = Array.from({ length: PENDING }, () => wait(abort.signal))
  await turn()
  abort.abort()
  await Promise.all([...late, ...aborted])
}

// Sending and receiving as tests want it: with a deadline, or at once or not at all.
import assert from "node:assert/strict"
import { setImmediate as turn } from "node:timers/promises"
import { eventually, patience, within } from "./deadline.js"
import type { Library } from "./library.js"

type Outgoing = string | Buffer | (string | Buffer)[]

export interface Sender {
  sendTimeout: number
  send(message: Outgoing): Promise<void>
}

export interface Receiver {
  receiveTimeout: number
  receive(): Promise<Buffer[]>
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code
}

/** The frames of the next message. */
export function takeFrames(socket: Receiver, what = "a message"): Promise<Buffer[]> {
  return within(socket.receive(), what)
}

/** The next message, its frames as text. */
export async function take(socket: Receiver, what?: string): Promise<string[]> {
  return texts(await takeFrames(socket, what))
}

/** The next messages, one frame each. */
export async function takeMany(socket: Receiver, count: number, what?: string): Promise<string[]> {
  const messages: string[] = []
  while (messages.length < count) {
    const message = await take(socket, what ?? `message ${messages.length + 1} of ${count}`)
    assert.equal(message.length, 1, `one frame was expected, but this came: ${message.join(" | ")}`)
    messages.push(...message)
  }
  return messages
}

/** The next message if there is one now. */
export async function takeNow(socket: Receiver): Promise<string[] | undefined> {
  const { receiveTimeout } = socket
  socket.receiveTimeout = 0
  try {
    return texts(await socket.receive())
  } catch (error) {
    if (hasCode(error, "EAGAIN")) return undefined
    throw error
  } finally {
    socket.receiveTimeout = receiveTimeout
  }
}

/** Asserts that nothing is there to be received now. */
export async function takesNothing(socket: Receiver, who: string): Promise<void> {
  assert.equal(await takeNow(socket), undefined, `${who} should have received nothing more`)
}

/** Sends if the socket takes the message within so many milliseconds, and says whether it did. */
export async function offer(socket: Sender, message: Outgoing, timeout = 0): Promise<boolean> {
  const { sendTimeout } = socket
  socket.sendTimeout = timeout
  try {
    await socket.send(message)
    return true
  } catch (error) {
    if (hasCode(error, "EAGAIN")) return false
    throw error
  } finally {
    socket.sendTimeout = sendTimeout
  }
}

/** Offers a message to a ROUTER that insists on its peers, and says whether its peer was there with room for it. */
export async function reaches(router: Sender, message: Outgoing): Promise<boolean> {
  try {
    return await offer(router, message)
  } catch (error) {
    if (hasCode(error, "EHOSTUNREACH")) return false
    throw error
  }
}

/** Waits until a ROUTER that insists on its peers, and has had all their messages, has lost the last of them. */
export async function isLeft(router: Receiver & { readonly writable: boolean }): Promise<void> {
  await eventually(async () => {
    // For libzmq a peer is there until it is seen that no more comes from it.
    await takesNothing(router, "a ROUTER whose peer leaves")
    return !router.writable
  }, "the last peer to leave")
}

/** Answers every request with its name, until the socket is closed. */
export async function answer(socket: Sender & AsyncIterable<unknown>, name: string): Promise<void> {
  for await (const _request of socket) await socket.send(name)
}

/** Offers numbered messages until one is refused; the count of those accepted. */
export async function fill(socket: Sender, limit: number, number = String): Promise<number> {
  for (let count = 0; count < limit; count += 1) {
    if (!(await offer(socket, number(count)))) return count
  }
  return assert.fail(`the socket took ${limit} messages and never refused one`)
}

/** Milliseconds after which libzmq gets another message. */
const LOSS_INTERVAL = 300

/**
 * Of 2000 messages in a row the newest arrives, some before it don't, and none comes out of order or after it. libzmq
 * keeps for itself what is written just when its other thread looks for it, until one more is written.
 */
export async function overtakes(
  sender: Sender,
  receiver: Receiver,
  type: string,
  library: Library["name"],
): Promise<void> {
  let last = -1
  let seen = 0
  let newest = 1999
  for (const number of numbers(newest + 1)) await sender.send(number)
  let since = performance.now()
  await eventually(async () => {
    const message = await takeNow(receiver)
    if (message === undefined) {
      if (library === "zeromq" && performance.now() - since > LOSS_INTERVAL) {
        await sender.send(String(++newest))
        since = performance.now()
      }
      return false
    }
    assert.ok(Number(message[0]) > last, `${message[0]} came after ${last}`)
    last = Number(message[0])
    seen += 1
    return last === newest
  }, "the newest message")
  assert.ok(seen < 2000, "no message was overtaken")
  await takesNothing(receiver, `a ${type} that had the newest message`)
}

/** Sends probes until every receiver has got one; afterwards no probe is under way. */
export async function allHear(sender: Sender, receivers: readonly Receiver[]): Promise<void> {
  const heard = receivers.map(() => 0)
  let sent = 0
  await eventually(async () => {
    if (heard.includes(0) && (await offer(sender, "probe"))) sent += 1
    for (const [index, receiver] of receivers.entries()) {
      while (await takeNow(receiver)) heard[index] = (heard[index] ?? 0) + 1
    }
    return !heard.includes(0) && sum(heard) === sent
  }, "all peers to get their share of the probes")
}

/**
 * Lets each sender send three messages of its own, and asserts that the receiver takes them strictly in turn.
 * When the reading begins before all of them are there nothing can be said, so rounds with more and more
 * patience follow; a receiver that is unfair never takes turns.
 */
export async function assertTurns(
  sends: readonly (() => Promise<void>)[],
  takeName: () => Promise<string>,
): Promise<void> {
  const end = Date.now() + patience
  for (let turns = 1; ; turns *= 2) {
    for (const send of sends) for (let count = 0; count < 3; count += 1) await send()
    for (let count = 0; count < turns; count += 1) await turn()
    const order: string[] = []
    while (order.length < sends.length * 3) order.push(await takeName())
    if (inTurn(order, sends.length)) return
    if (Date.now() > end) assert.fail(`the peers were never heard in turn, but like this: ${order.join(" ")}`)
  }
}

function inTurn(order: readonly string[], peers: number): boolean {
  return (
    new Set(order.slice(0, peers)).size === peers &&
    order.every((name, index) => name === order[index % peers])
  )
}

/** A message's number, and a load of anything from nothing to 100 kB. */
export function sized(number: number, seed: number): [string, Buffer] {
  const sizes = [0, 1, 100, 255, 256, 1000, 8192, 20_000, 65_536, 100_000]
  return [String(number), Buffer.alloc(sizes[(number * 7 + seed) % sizes.length] ?? 0, number)]
}

export function numbers(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index))
}

function texts(frames: readonly Buffer[]): string[] {
  return frames.map((frame) => frame.toString("latin1"))
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

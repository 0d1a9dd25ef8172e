// What a socket goes through with one peer, whatever the wire: it reads, answers, tells of it, and ends.
import assert from "node:assert/strict"
import type { SocketCore } from "#src/core/socket.js"
import { ProtocolError, ZmqError } from "#src/errors.js"
import type { SimulatedConn, SimulatedPlatform } from "./simulation.js"

/** The handshake's limit. */
export const interval = 1000

/** How the peer leaves when it is not sent away. */
export type Leaving = "end" | "reset" | "silence" | "close"

/** What came of it. */
export interface Encounter {
  /** The events, with their errors' codes. */
  readonly events: readonly string[]
  /** What the user received, as text. */
  readonly received: readonly string[]
}

/** A connection that can be ended from the other side. */
type Ending = Pick<SimulatedConn, "closing" | "close">

/** The peer leaves, or stays until something ends it. */
export function leave(core: SocketCore, platform: SimulatedPlatform, conn: Ending, leaving: Leaving): void {
  // A peer that stays gets its chance to go on; then either the handshake's limit or the user ends it.
  if (leaving === "silence") platform.pass(interval)
  else if (leaving === "close") core.close()
  else if (!conn.closing) conn.close(leaving === "reset" ? new Error("reset") : undefined)
  platform.run()
}

/** The user reads what there is; a REP answers. */
export function receiveAll({ pattern, traffic, type }: SocketCore, received: string[]): void {
  if (["PUB", "PUSH", "RADIO", "SCATTER"].includes(type)) return
  while (pattern.canReceive) {
    const message = traffic.tryReceive()
    if (message === undefined) return
    assert.ok(message.length > 0)
    received.push(message.map((frame) => frame.toString("latin1")).join("|"))
    if (type === "REP") traffic.trySend([Buffer.from("reply")])
  }
}

/** The user sends, where the type can. */
export function sendSomething({ traffic, type }: SocketCore): void {
  if (["SUB", "PULL", "DISH", "GATHER"].includes(type)) return
  const frames = ["CLIENT", "SCATTER", "CHANNEL"].includes(type) ? ["something"] : ["a", "something"]
  try {
    traffic.trySend(frames.map((text) => Buffer.from(text)))
  } catch (error) {
    // A REP that was asked nothing says so, and a SERVER that its client is not there.
    if (!(error instanceof ZmqError && ["EFSM", "EHOSTUNREACH"].includes(error.code))) throw error
  }
}

/** What the socket told, with its errors' codes. */
export function takeEvents({ monitor }: SocketCore): string[] {
  const events: string[] = []
  while (monitor.hasUnread) {
    const event = monitor.next()
    assert.ok(!(event instanceof Promise))
    if (!("error" in event)) events.push(event.type)
    else {
      const { error } = event
      if (event.type === "handshake:error:protocol") assert.ok(error instanceof ProtocolError, String(error))
      events.push(`${event.type} ${"code" in error ? error.code : error.message}`)
    }
  }
  return events
}

/** Every state ends: nothing is connected, nothing is waited for, and no timer runs. */
export async function end(core: SocketCore, platform: SimulatedPlatform): Promise<void> {
  core.close()
  let done = false
  void core.done.then(() => {
    done = true
  })
  for (let turn = 0; turn < 20 && !done; turn++) {
    platform.run()
    await undefined
  }
  assert.ok(done, "the socket did not end")
  assert.ok(core.monitor.closed)
  platform.pass(10)
  assert.equal(platform.pendingTimers, 0, "timers outlive their socket")
  assert.equal(platform.wanted.length, 0, "connections are wanted after the end")
  assert.equal(platform.accept, undefined)
  assert.deepEqual(platform.warnings, [])
}

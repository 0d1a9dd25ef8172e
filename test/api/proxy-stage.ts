// Sockets of one context to be proxied, and what their peers say over inproc.
import assert from "node:assert/strict"
import * as zmq from "puremq"
import { within } from "../suites/deadline.js"

let names = 0
/** An address that nobody has bound. */
export const fresh = (): string => `inproc://proxy-${names++}`

/** Binds a socket. */
export async function bound<S extends zmq.Socket>(socket: S): Promise<S> {
  await socket.bind(fresh())
  return socket
}

/** Connects a socket to one that is bound. */
export function connected<S extends zmq.Socket>(socket: S, to: zmq.Socket): S {
  socket.connect(to.lastEndpoint as string)
  return socket
}

/** The frames of the next message, with a space between. */
export async function text(socket: zmq.Readable): Promise<string> {
  return (await within(socket.receive(), "a message")).join(" ")
}

/** A PULL and a PUSH to be proxied, who sends to it and who receives from it, all of one context. */
export async function streamed(context: zmq.Context) {
  const frontEnd = await bound(new zmq.Pull({ context }))
  const backEnd = await bound(new zmq.Push({ context }))
  const push = connected(new zmq.Push({ context, linger: 0 }), frontEnd)
  const pull = connected(new zmq.Pull({ context }), backEnd)
  return { frontEnd, backEnd, push, pull }
}

/** A control socket of a kind, and who commands there. */
export async function controlled<C extends zmq.Socket, S extends zmq.Socket>(control: C, steering: S) {
  await bound(control)
  return { control, steering: connected(steering, control) }
}

/** The statistics that a control socket was sent. */
export const integers = (frames: readonly Buffer[]): number[] =>
  frames.map((frame) => {
    assert.equal(frame.length, 8)
    return Number(new BigUint64Array(Uint8Array.from(frame).buffer)[0])
  })

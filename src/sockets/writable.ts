import type { OptionsOf } from "../core/options.js"
import { type MessageLike, takeBack, toMessage } from "../message.js"
import type { Socket } from "./socket.js"
import { openCore } from "./socket-inside.js"

/** How a single `send` may end early. */
export interface SendOptions {
  /** Gives up waiting for room; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
}

/** What every socket that sends has of options. */
type WritableOptions = Pick<OptionsOf<"PUSH">, "sendHighWaterMark" | "sendTimeout">

/** What goes with a message, where the socket type wants it; how the send may end early goes with the last of it. */
type SendArguments<Needed extends object[]> = Needed extends [infer First extends object]
  ? [options: First & SendOptions]
  : [options?: SendOptions]

/** Sockets that send. `Needed` is what draft types want with each message. */
export interface Writable<
  M extends MessageLike | MessageLike[] = MessageLike | MessageLike[],
  Needed extends object[] = [],
> extends WritableOptions {
  /**
   * Sends one message: one frame, or an array of frames that stay together. Resolves when the message has been
   * accepted, not when it has arrived. Any number of sends may be pending; they are served in order.
   *
   * Memory that you pass may be used again once the promise has resolved, but for frames of more than 128 bytes:
   * leave those as they are until they have been sent.
   *
   * Rejects with EAGAIN after `sendTimeout` and when the socket is closed, EFSM when it is not this socket's
   * turn, EHOSTUNREACH (see `mandatory`). Throws EBADF when the socket is closed already. (zmq_send(3))
   */
  send(message: M, ...options: SendArguments<Needed>): Promise<void>
  /** Sends now or not at all: false when it would have to wait. Throws EFSM, EHOSTUNREACH, EBADF. */
  trySend(message: M, ...options: Needed): boolean
  /** Sends `value` as JSON text. See {@link send}. */
  sendJson(value: unknown, ...options: SendArguments<Needed>): Promise<void>
}

const methods: Omit<Writable, keyof WritableOptions> & ThisType<Socket & Writable> = {
  send(message, options) {
    if (message === undefined) throw new TypeError("Message must be present")
    const { traffic } = openCore(this)
    // Looked at first: what a getter sends must not get the array that is lent to this message.
    const signal = options?.signal
    const sent = traffic.send(toMessage(message), signal, this)
    takeBack()
    return sent
  },
  trySend(message) {
    if (message === undefined) throw new TypeError("Message must be present")
    try {
      return openCore(this).traffic.trySend(toMessage(message))
    } finally {
      takeBack()
    }
  },
  sendJson(value, options) {
    const text = JSON.stringify(value)
    if (text === undefined) throw new TypeError("The value has no JSON form")
    return this.send(text, options)
  },
}

/** Gives a class the methods of {@link Writable}. */
export function installWritable(prototype: Socket): void {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true })
  }
}

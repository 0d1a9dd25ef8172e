import { toText } from "../bytes.js"
import type { OptionsOf } from "../core/options.js"
import type { SocketCore } from "../core/socket.js"
import { blocked } from "../core/socket.js"
import type { Received, Traffic } from "../core/traffic.js"
import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import type { Socket } from "./socket.js"
import { openCore } from "./socket-inside.js"

/** How a single `receive` may end early. */
export interface ReceiveOptions {
  /** Gives up waiting; the promise then rejects with the signal's reason, and no message is lost. */
  signal?: AbortSignal
}

/** What every socket that receives has of options. */
type ReadableOptions = Pick<OptionsOf<"PULL">, "receiveHighWaterMark" | "receiveTimeout">

/** Sockets that receive. */
export interface Readable<M extends object[] = Frame[]> extends ReadableOptions {
  /**
   * Receives one message, all its frames. Resolves when there is one. Any number of receives may be pending; they
   * are served in order.
   *
   * A frame may share its memory with others that came in the same read (at most 64 KiB are kept alive by a small
   * one), and with those to come: copy what you keep for long, and what you transfer to another thread.
   *
   * Rejects with EAGAIN after `receiveTimeout` and when the socket is closed, EFSM when it is not this socket's
   * turn. Throws EBADF when the socket is closed already. (zmq_recv(3))
   */
  receive(options?: ReceiveOptions): Promise<M>
  /** Receives now or not at all: undefined when there is no message. Throws EFSM, EBADF. */
  tryReceive(): M | undefined
  /** Receives a message of one frame as text. Rejects with EINVAL when it has more. See {@link receive}. */
  receiveString(options?: ReceiveOptions): Promise<string>
  /** Receives a message of one frame as JSON. Rejects with a SyntaxError when it is none. See {@link receive}. */
  receiveJson<T = unknown>(options?: ReceiveOptions): Promise<T>
  /**
   * Who sent the message that was received last; undefined before the first. In a loop over the socket, or behind an
   * awaited `receive()`, that is the message at hand; where several receives are pending at a time, use
   * {@link receiveWithSender}. All messages of a connection have the same object. (zmq_msg_gets(3))
   */
  readonly sender: Peer | undefined
  /** Receives one message and tells who sent it. See {@link receive}. */
  receiveWithSender(options?: ReceiveOptions): Promise<Received<M>>
  /** Message after message, until the socket is closed. Leaving the loop leaves the socket open. */
  [Symbol.asyncIterator](): AsyncIterator<M, undefined>
}

type ReadableMethods = Omit<Readable, keyof ReadableOptions>

const methods: ReadableMethods & ThisType<Socket & Readable> = {
  receive(options) {
    return openCore(this).traffic.receive(options?.signal, this)
  },
  tryReceive() {
    return openCore(this).traffic.tryReceive()
  },
  get sender() {
    return openCore(this, "ENOTSOCK").pattern.sender
  },
  receiveWithSender(options) {
    return openCore(this).traffic.receiveWithSender(options?.signal, this)
  },
  async receiveString(options) {
    return toText(onlyFrame(await this.receive(options)))
  },
  async receiveJson<T>(options?: ReceiveOptions) {
    return JSON.parse(toText(onlyFrame(await this.receive(options)))) as T
  },
  [Symbol.asyncIterator]() {
    return new MessageIterator(this)
  },
}

function onlyFrame(message: Message): Frame {
  if (message.length === 1) return message[0] as Frame
  throw new ZmqError("EINVAL", {
    message: `The message has ${message.length} frames; receive() gives them all.`,
  })
}

/** Gives a class the methods of {@link Readable}. */
export function installReadable(prototype: Socket): void {
  for (const name of Reflect.ownKeys(methods)) {
    const method = Object.getOwnPropertyDescriptor(methods, name) as PropertyDescriptor
    Object.defineProperty(prototype, name, { ...method, enumerable: false })
  }
}

const DONE: IteratorReturnResult<undefined> = { value: undefined, done: true }

/** Written by hand: an async generator takes three more promises a message. */
class MessageIterator implements AsyncIterator<Message, undefined> {
  private readonly socket: Socket
  private readonly core: SocketCore
  private readonly traffic: Traffic

  constructor(socket: Socket) {
    this.socket = socket
    this.core = socket.core
    this.traffic = socket.core.traffic
  }

  // Nearly every message is the next of a run. It comes first and alone, so that the compiler makes one piece of
  // this function and all that it calls.
  next(): Promise<IteratorResult<Message, undefined>> {
    const value = this.traffic.takeAtOnce()
    return value === undefined ? this.nextOther() : Promise.resolve({ value, done: false })
  }

  private nextOther(): Promise<IteratorResult<Message, undefined>> {
    if (this.core.closed) return Promise.resolve(DONE)
    if (this.core.barred) return this.traffic.failAfterTurn(blocked())
    let message: Message | undefined
    try {
      message = this.traffic.tryReceive()
    } catch (error) {
      return this.traffic.failAfterTurn(error)
    }
    if (message === undefined) return this.wait()
    return this.traffic.afterTurn({ value: message, done: false })
  }

  // Apart from `nextOther`, which must not pay for what these closures capture.
  private wait(): Promise<IteratorResult<Message, undefined>> {
    const { core } = this
    return this.traffic.waitForMessage(undefined, this.socket).then(
      (value) => ({ value, done: false }),
      (error: unknown) => {
        if (core.closed) return DONE
        throw error
      },
    )
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    return Promise.resolve(DONE)
  }
}

// Sockets whose messages have something with them that is no frame: a number of the peer, a group. Inside it is the
// first frame; users get it behind the message, and give it with the options of `send`.

import type { Received } from "../core/traffic.js"
import { type Frame, type Message, type MessageLike, toFrame } from "../message.js"
import type { Peer } from "../peer.js"
import type { ReceiveOptions } from "./readable.js"
import type { Socket } from "./socket.js"
import { openCore } from "./socket-inside.js"
import type { SendOptions } from "./writable.js"

/** A message and what is with it. */
type Annotated<Note extends object> = [Frame, Note]

/** Sockets that receive messages with a note. See {@link Readable}, whose methods these are. */
interface AnnotatedReadable<Note extends object> {
  receive(options?: ReceiveOptions): Promise<Annotated<Note>>
  tryReceive(): Annotated<Note> | undefined
  readonly sender: Peer | undefined
  receiveWithSender(options?: ReceiveOptions): Promise<Received<Annotated<Note>>>
  [Symbol.asyncIterator](): AsyncIterator<Annotated<Note>, undefined>
}

/** Gives a class the methods of a reader; `read` makes a note of a message's first frame. */
export function installAnnotatedReadable<Note extends object>(
  prototype: Socket,
  read: (first: Frame) => Note,
): void {
  const annotate = (message: Message): Annotated<Note> => [message[1] as Frame, read(message[0] as Frame)]
  const methods: AnnotatedReadable<Note> & ThisType<Socket & AnnotatedReadable<Note>> = {
    receive(options) {
      return openCore(this).traffic.receive(options?.signal, this).then(annotate)
    },
    tryReceive() {
      const message = openCore(this).traffic.tryReceive()
      return message === undefined ? undefined : annotate(message)
    },
    get sender() {
      return openCore(this, "ENOTSOCK").pattern.sender
    },
    receiveWithSender(options) {
      const received = openCore(this).traffic.receiveWithSender(options?.signal, this)
      return received.then(({ message, sender }) => ({ message: annotate(message), sender }))
    },
    [Symbol.asyncIterator]() {
      return iterate(this)
    },
  }
  install(prototype, methods)
}

/** Message after message, until the socket is closed. */
function iterate<Note extends object>(
  socket: Socket & AnnotatedReadable<Note>,
): AsyncIterator<Annotated<Note>, undefined> {
  const done = { value: undefined, done: true } as const
  return {
    next: async () => {
      if (socket.closed) return done
      try {
        return { value: await socket.receive(), done: false }
      } catch (error) {
        if (socket.closed) return done
        throw error
      }
    },
    return: async () => done,
  }
}

/** Sockets that send messages with a note. See {@link Writable}, whose methods these are. */
interface AnnotatedWritable<Note extends object> {
  send(message: MessageLike, options: Note & SendOptions): Promise<void>
  trySend(message: MessageLike, options: Note): boolean
  sendJson(value: unknown, options: Note & SendOptions): Promise<void>
}

/** Gives a class the methods of a writer; `write` makes a message's first frame of a note, or throws. */
export function installAnnotatedWritable<Note extends object>(
  prototype: Socket,
  write: (note: Partial<Note>) => Frame,
): void {
  const toAnnotated = (message: MessageLike | MessageLike[], note: Note | undefined): Message => {
    if (message === undefined) throw new TypeError("Message must be present")
    if (typeof note !== "object" || note === null) throw new TypeError("Options must be an object")
    // The pattern refuses what has several frames.
    return Array.isArray(message) ? [write(note), ...message.map(toFrame)] : [write(note), toFrame(message)]
  }
  const methods: AnnotatedWritable<Note> & ThisType<Socket & AnnotatedWritable<Note>> = {
    send(message, options) {
      const { traffic } = openCore(this)
      return traffic.send(toAnnotated(message, options), options.signal, this)
    },
    trySend(message, options) {
      return openCore(this).traffic.trySend(toAnnotated(message, options))
    },
    sendJson(value, options) {
      const text = JSON.stringify(value)
      if (text === undefined) throw new TypeError("The value has no JSON form")
      return this.send(text, options)
    },
  }
  install(prototype, methods)
}

function install(prototype: Socket, methods: object): void {
  for (const name of Reflect.ownKeys(methods)) {
    const method = Object.getOwnPropertyDescriptor(methods, name) as PropertyDescriptor
    Object.defineProperty(prototype, name, { ...method, enumerable: false })
  }
}

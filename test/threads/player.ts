// A worker that does what it is told: opens sockets, and calls their methods.
import { parentPort } from "node:worker_threads"
import * as zmq from "puremq"
import type { SocketName } from "../suites/library.js"

/** What a worker is asked for. Calls of one worker may overlap. */
export interface Call {
  readonly number: number
  /** The socket that it is about; what there is besides is about the worker itself. */
  readonly socket?: number
  readonly method: string
  readonly args: readonly unknown[]
}

export interface Answer {
  readonly number: number
  readonly value?: unknown
  readonly error?: { readonly code: string | undefined; readonly message: string }
}

const port = parentPort
if (port === null) throw new Error("This is a program for a worker")
const classes: Pick<typeof zmq, SocketName> = zmq
const sockets: zmq.Socket[] = []

const deeds: Record<string, (...args: never[]) => unknown> = {
  open(name: SocketName, options: object, ownContext: boolean) {
    const construct = classes[name] as unknown as new (options: object) => zmq.Socket
    const context = ownContext ? { context: new zmq.Context() } : {}
    sockets.push(new construct({ linger: 0, ...context, ...options }))
    return sockets.length - 1
  },

  /** Sends so many messages: a number each, and a load that goes with it. */
  async sendNumbers(socket: number, count: number, size: number) {
    const push = sockets[socket] as zmq.Push
    for (let number = 0; number < count; number++)
      await push.send([String(number), Buffer.alloc(size, number)])
  },

  /** Sends without ever letting the event loop turn. */
  sendForEver(socket: number, size: number) {
    const publisher = sockets[socket] as zmq.Publisher
    for (let number = 0; ; number++) void publisher.send([String(number), Buffer.alloc(size, number)])
  },

  block(milliseconds: number) {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  },

  /** Computes, as it were, until it is released: the first cell tells that it has begun, the second one that it may go on. */
  blockUntil(cells: Int32Array) {
    Atomics.store(cells, 0, 1)
    Atomics.wait(cells, 1, 0)
  },

  connections: (socket: number) => (sockets[socket] as zmq.Socket).stats().connections,

  exit: () => process.exit(),
  crash: () => setImmediate(() => JSON.parse("a bug of the program's own")),
  /** Nothing keeps the worker alive any more. */
  leave: () => port.close(),
}

port.on("message", async ({ number, socket, method, args }: Call) => {
  const answer = (content: Partial<Answer>): void => port.postMessage({ number, ...content })
  try {
    answer({ value: await perform(socket, method, args) })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    answer({ error: { code, message } })
  }
})

function perform(socket: number | undefined, method: string, args: readonly unknown[]): unknown {
  if (socket === undefined) return deeds[method]?.(...(args as never[]))
  const target = sockets[socket] as unknown as Record<string, (...args: unknown[]) => unknown>
  const member = target[method]
  return typeof member === "function" ? member.apply(target, [...args]) : member
}

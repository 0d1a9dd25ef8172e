import type { MessagePort, Worker } from "node:worker_threads"
import type {
  GroupMember,
  GroupMessage,
  LineMessage,
  ThreadGroup,
  ThreadLine,
  Threads,
} from "../../transports/threads.js"
import { Presence } from "./presence.js"

type WorkerThreads = typeof import("node:worker_threads")

interface LaterWorkerThreads {
  /** Since Node 20.19 and 22.5. */
  postMessageToThread?(thread: number, value: unknown, transferred: readonly MessagePort[]): Promise<void>
}

interface LaterAtomics {
  waitAsync?(
    words: Int32Array,
    at: number,
    value: number,
  ): { readonly async: boolean; readonly value: PromiseLike<unknown> | string }
}

const { waitAsync } = Atomics as LaterAtomics

/** What a thread sends to open a line. */
interface Call {
  readonly puremq: string
  /** The members that call and are called. */
  readonly from: number
  readonly to: number
  readonly port: MessagePort
}

interface Broadcast {
  readonly from: number
  readonly message: GroupMessage
}

/**
 * Worker threads. A group is a BroadcastChannel. Lines are MessagePorts, which close with their threads; they reach the
 * other thread by `postMessageToThread`. Where there is no such thing threads do not meet.
 */
export const nodeThreads: Threads = {
  join: (name, member) => {
    if (mayHaveCompany()) enter(name, member)
    else process.once("worker", (worker) => enter(name, member, worker))
  },
  wait: (words, at, value, woken) => {
    const waiting = (waitAsync as NonNullable<typeof waitAsync>)(words, at, value)
    if (waiting.async) (waiting.value as PromiseLike<unknown>).then(woken)
    else queueMicrotask(woken)
  },
  nextTurn: setImmediate,
  now: () => performance.now(),
}

let workerMade = false
process.once("worker", () => {
  workerMade = true
})

/**
 * Whether there is, or may have been, another thread. Whoever has not loaded node:worker_threads has made none, and a
 * worker has; loading it takes milliseconds that a process of one thread should not pay.
 */
function mayHaveCompany(): boolean {
  const { moduleLoadList: loaded } = process as { moduleLoadList?: readonly string[] }
  return loaded === undefined || loaded.includes("NativeModule worker_threads")
}

/** A thread may have loaded several copies of this library, each a member. */
const COPIES = 1024
const COPY_COUNT: unique symbol = Symbol.for("puremq copies")

/** The number of this member: those of older threads are smaller. */
function memberOf(thread: number): number {
  const counts = globalThis as { [COPY_COUNT]?: number }
  const copy = counts[COPY_COUNT] ?? 0
  counts[COPY_COUNT] = copy + 1
  return thread * COPIES + (copy % COPIES)
}

function threadOf(member: number): number {
  return Math.floor(member / COPIES)
}

/** `firstWorker`: the first one of the process. */
function enter(name: string, member: GroupMember, firstWorker?: Worker): void {
  const threads = process.getBuiltinModule?.("node:worker_threads") as
    | (WorkerThreads & LaterWorkerThreads)
    | undefined
  if (threads === undefined) return
  const { BroadcastChannel, isMainThread, MessageChannel, postMessageToThread, threadId } = threads
  if (waitAsync === undefined || postMessageToThread === undefined) return
  // A worker that was made before this module was loaded would be overlooked; but imports come first.
  const presence = new Presence(name, firstWorker !== undefined || (isMainThread && !workerMade), threads)
  if (firstWorker !== undefined) presence.watch(firstWorker)
  const self = memberOf(threadId)
  const channel = new BroadcastChannel(name)
  channel.onmessage = (event) => {
    const { from, message } = (event as { data: Broadcast }).data
    // Another copy of this library.
    if (threadOf(from) === threadId) return
    presence.enter(threadOf(from))
    member.heard(message, from)
  }
  channel.unref()
  process.on("workerMessage", (value: unknown) => {
    if (isCall(value) && value.puremq === name && value.to === self) {
      member.called(new PortLine(value.from, value.port))
    }
  })
  const group: ThreadGroup = {
    self,
    get others() {
      return presence.others
    },
    broadcast: (message) => channel.postMessage({ from: self, message } satisfies Broadcast),
    lineTo: (to) => {
      const { port1: near, port2: far } = new MessageChannel()
      const call: Call = { puremq: name, from: self, to, port: far }
      // Who cannot be called is no more.
      postMessageToThread(threadOf(to), call, [far]).catch(() => near.close())
      return new PortLine(to, near)
    },
  }
  member.joined(group)
}

function isCall(value: unknown): value is Call {
  return typeof value === "object" && value !== null && "puremq" in value && "port" in value
}

class PortLine implements ThreadLine {
  readonly thread: number
  private readonly port: MessagePort

  constructor(thread: number, port: MessagePort) {
    this.thread = thread
    this.port = port
  }

  post(message: LineMessage): void {
    this.port.postMessage(message)
  }

  start(heard: (message: LineMessage) => void, closed: () => void): void {
    this.port.on("message", heard)
    this.port.on("close", closed)
    this.port.unref()
  }
}

// Usage: node build/test/chaos/side.js <plan as JSON>: one socket of a round, in a process of its own.
import { setTimeout as delay } from "node:timers/promises"
import { loadZeromq, puremq } from "../suites/library.js"
import { Reading, write } from "./letter.js"
import type { Order, Report, SidePlan } from "./protocol.js"

/** Milliseconds between two bursts of messages, and until a question is asked again. */
const PACE = 5
const BURST = 4
const PATIENCE = 250
const LINGER = 500
const JUMP = 1e10

const plan = JSON.parse(process.argv[2] ?? "") as SidePlan
const library = plan.library === "puremq" ? puremq : loadZeromq()
if (typeof library === "string") throw new Error(library)
const { zmq } = library
const context = new zmq.Context()
const common = { context, linger: LINGER, reconnectInterval: 20, ...plan.options }
const reading = new Reading()
const open: { close(): void }[] = []
let sent = 0
let number = 0
let retries = 0
let sender = plan.name
let paused = false
let hastened = false
let stopping = false
let stopped = false
let ending = false

const say = (report: Report): void => {
  if (process.connected) process.send?.(report)
}

function violate(error: unknown): void {
  say({ said: "violation", text: `${plan.name}: ${error instanceof Error ? error.message : error}` })
}

function add(frames: readonly Buffer[]): void {
  try {
    reading.add(frames)
  } catch (error) {
    violate(error)
  }
}

function next(): Buffer[] {
  sent++
  return write(sender, ++number)
}

async function turn(): Promise<void> {
  while (paused && !ending) await delay(PACE)
}

async function bind(socket: { bind(address: string): Promise<void>; lastEndpoint: string | null }) {
  for (;;) {
    try {
      await socket.bind(plan.endpoint)
      say({ said: "bound", endpoint: socket.lastEndpoint as string })
      return
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== "EADDRINUSE") throw error
      say({ said: "refused", code })
      await delay(50)
    }
  }
}

interface Sender {
  send(frames: Buffer[]): Promise<void>
}

async function sendOn(socket: Sender): Promise<void> {
  while (!stopping) {
    for (let left = BURST; left > 0; left--) await socket.send(next())
    if (!hastened) await delay(PACE)
    else if (number % 100 === 0) await delay(0)
  }
  stopped = true
}

async function receiveOn(socket: AsyncIterable<Buffer[]>): Promise<void> {
  for await (const frames of socket) {
    add(frames)
    await turn()
  }
}

async function echo(socket: { receive(): Promise<Buffer[]>; send(frames: Buffer[]): Promise<void> }) {
  for (;;) {
    const frames = await socket.receive()
    add(plan.pattern === "dealer" ? frames.slice(1) : frames)
    await turn()
    await socket.send(frames)
  }
}

/** Asks until there is an answer, each time by a socket of its own: REQ does not ask twice. */
async function ask(): Promise<void> {
  let sockets = 0
  let socket: InstanceType<typeof zmq.Request> | undefined
  while (!stopping) {
    if (socket === undefined) {
      sender = `${plan.name}-${++sockets}`
      number = 0
      socket = new zmq.Request({ ...common, linger: 0, receiveTimeout: PATIENCE, sendTimeout: PATIENCE })
      open.push(socket)
      socket.connect(plan.endpoint)
    }
    try {
      await socket.send(next())
      const answer = await socket.receive()
      add(answer)
      if (reading.last[sender] !== number) violate(`answer ${reading.last[sender]} to question ${number}`)
      if (!hastened) await delay(1)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error
      retries++
      socket.close()
      socket = undefined
    }
  }
  stopped = true
}

/** Everything that this side does until it is closed. */
async function play(): Promise<void> {
  const { role, pattern } = plan
  const keep = <Socket extends { close(): void }>(socket: Socket): Socket => {
    open.push(socket)
    return socket
  }
  if (role === "bound") {
    if (pattern === "push") {
      const socket = keep(new zmq.Pull(common))
      await bind(socket)
      return receiveOn(socket)
    }
    if (pattern === "publish") {
      const socket = keep(new zmq.Publisher({ sendHighWaterMark: 0, ...common }))
      await bind(socket)
      return sendOn(socket as unknown as Sender)
    }
    const socket = keep(
      pattern === "dealer"
        ? new zmq.Router({ ...common, sendHighWaterMark: 0 })
        : new zmq.Reply({ ...common, sendHighWaterMark: 0 }),
    )
    await bind(socket)
    return echo(socket as unknown as Parameters<typeof echo>[0])
  }
  if (pattern === "request") return ask()
  if (pattern === "publish") {
    // The mark is for the publisher: with libzmq a subscriber has no such property.
    const { sendHighWaterMark: _, ...own } = common as typeof common & { sendHighWaterMark?: number }
    const socket = keep(new zmq.Subscriber(own))
    socket.connect(plan.endpoint)
    socket.subscribe()
    return receiveOn(socket)
  }
  const socket = keep(pattern === "push" ? new zmq.Push(common) : new zmq.Dealer(common))
  socket.connect(plan.endpoint)
  const answers = socket instanceof zmq.Dealer ? receiveOn(socket) : undefined
  await sendOn(socket as unknown as Sender)
  await answers
}

function tell(): void {
  const { received, last, gaps, lost } = reading
  const lastSent = { sender, number }
  say({ said: "tally", tally: { sent, retries, received, last, gaps, lost, stopped, lastSent } })
}

const orders: Record<Order, () => void> = {
  pause: () => {
    paused = true
  },
  resume: () => {
    paused = false
  },
  hasten: () => {
    hastened = true
  },
  slow: () => {
    hastened = false
  },
  jump: () => {
    const real = Date.now
    const begun = real()
    // Far ahead first, and then far behind.
    Date.now = () => real() + (real() - begun < 150 ? JUMP : -JUMP)
  },
  stop: () => {
    stopping = true
  },
  end: () => {
    stopping = true
    ending = true
    for (const socket of open) socket.close()
    clearInterval(telling)
  },
}

process.on("message", (order: Order) => orders[order]())
const telling = setInterval(tell, 10)

try {
  await play()
} catch (error) {
  // What waited for a socket that is closed.
  if (!ending) violate(error)
}
while (!ending) await delay(PACE)
tell()
if ("term" in context) await (context as unknown as { term(): Promise<void> }).term()
process.disconnect()

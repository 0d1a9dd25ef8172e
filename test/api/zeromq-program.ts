// A program as one writes it for zeromq.js: its types have to hold for either library, and so has what it does.
import type * as zmq from "puremq"
import { same } from "./same-type.js"

type Received<S extends { receive(): Promise<unknown> }> = Awaited<ReturnType<S["receive"]>>
type Sent<S extends { send(message: never): Promise<void> }> = Parameters<S["send"]>[0]
type Payload<Type extends zmq.EventType> = Omit<zmq.EventOfType<Type>, "type">

/** What the two declare to be the same. */
export function sharedTypes(): void {
  same<zmq.Message, Buffer>()
  same<zmq.MessageLike, ArrayBufferView | ArrayBuffer | SharedArrayBuffer | string | number | null>()

  same<Received<zmq.Dealer>, Buffer[]>()
  same<Received<zmq.Pair>, Buffer[]>()
  same<Received<zmq.Pull>, Buffer[]>()
  same<Received<zmq.Reply>, Buffer[]>()
  same<Received<zmq.Request>, Buffer[]>()
  same<Received<zmq.Router>, Buffer[]>()
  same<Received<zmq.Subscriber>, Buffer[]>()
  same<Received<zmq.XPublisher>, Buffer[]>()
  same<Received<zmq.XSubscriber>, Buffer[]>()
  same<Received<zmq.Stream>, [Buffer, Buffer]>()
  same<Received<zmq.Readable>, Buffer[]>()
  same<Received<zmq.Readable<[Buffer, Buffer]>>, [Buffer, Buffer]>()

  type Sendable = zmq.MessageLike | zmq.MessageLike[]
  same<Sent<zmq.Dealer>, Sendable>()
  same<Sent<zmq.Pair>, Sendable>()
  same<Sent<zmq.Publisher>, Sendable>()
  same<Sent<zmq.Push>, Sendable>()
  same<Sent<zmq.Reply>, Sendable>()
  same<Sent<zmq.Request>, Sendable>()
  same<Sent<zmq.Router>, Sendable>()
  same<Sent<zmq.XPublisher>, Sendable>()
  same<Sent<zmq.XSubscriber>, Sendable>()
  same<Sent<zmq.Stream>, [zmq.MessageLike, zmq.MessageLike]>()
  same<Sent<zmq.Writable>, Sendable>()
  same<Sent<zmq.Writable<[string, Buffer]>>, [string, Buffer]>()
  same<Parameters<zmq.Subscriber["subscribe"]>, (Buffer | string)[]>()
  same<Parameters<zmq.Subscriber["unsubscribe"]>, (Buffer | string)[]>()

  same<
    zmq.EventType,
    | "accept"
    | "accept:error"
    | "bind"
    | "bind:error"
    | "close"
    | "close:error"
    | "connect"
    | "connect:delay"
    | "connect:retry"
    | "disconnect"
    | "end"
    | "handshake"
    | "handshake:error:auth"
    | "handshake:error:other"
    | "handshake:error:protocol"
    | "unknown"
  >()
  same<zmq.EventType, zmq.Event["type"]>()
  same<Payload<"accept">["address"], string>()
  same<Payload<"connect:retry">["interval"], number>()
  same<Payload<"bind:error">["error"]["errno"], number>()
  same<Payload<"handshake:error:auth">["error"]["status"], 300 | 400 | 500>()
  same<keyof zmq.EventOfType<"end">, "type">()
  same<keyof zmq.EventOfType<"unknown">, "type">()
  same<Awaited<ReturnType<zmq.Observer["receive"]>>, zmq.Event>()

  same<zmq.Socket["closed"], boolean>()
  same<zmq.Socket["readable"], boolean>()
  same<zmq.Socket["writable"], boolean>()
  same<zmq.Socket["lastEndpoint"], string | null>()
  same<zmq.Socket["threadSafe"], boolean>()
  same<zmq.Socket["linger"], number>()
  same<zmq.Router["mandatory"], boolean>()
  same<zmq.Context["maxSocketsLimit"], number>()

  same<zmq.Proxy<zmq.Router, zmq.Dealer>["frontEnd"], zmq.Router>()
  same<zmq.Proxy<zmq.Router, zmq.Dealer>["backEnd"], zmq.Dealer>()
  same<ReturnType<zmq.Proxy["run"]>, Promise<void>>()
}

/** Sockets to try things on. */
export interface Sockets {
  readonly push: zmq.Push
  readonly publisher: zmq.Publisher
  readonly pull: zmq.Pull
  readonly subscriber: zmq.Subscriber
  readonly dealer: zmq.Dealer
}

/** What both compilations refuse, and puremq at run time too. */
export function mistakes(
  api: typeof zmq,
  { push, publisher, pull, subscriber, dealer }: Sockets,
): (() => unknown)[] {
  return [
    // @ts-expect-error A PUSH has nothing to receive.
    () => push.receive(),
    // @ts-expect-error
    () => publisher.receive(),
    // @ts-expect-error A PULL has nobody to send to.
    () => pull.send("no"),
    // @ts-expect-error
    () => subscriber.send("no"),
    // @ts-expect-error
    () => push[Symbol.asyncIterator](),
    // @ts-expect-error
    () => dealer.subscribe("no"),
    // @ts-expect-error Another class's option.
    () => new api.Push({ mandatory: true }),
    // @ts-expect-error
    () => new api.Push({ receiveTimeout: 0 }),
    // @ts-expect-error
    () => new api.Pull({ sendHighWaterMark: 1 }),
    // @ts-expect-error
    () => new api.Request({ handover: true }),
    // @ts-expect-error
    () => new api.Pair({ routingId: "no" }),
    // @ts-expect-error
    () => new api.Subscriber({ sendTimeout: 0 }),
    () => {
      // @ts-expect-error
      pull.sendTimeout = 0
    },
    () => {
      // @ts-expect-error
      publisher.receiveHighWaterMark = 0
    },
    // @ts-expect-error Nobody's option.
    () => new api.Dealer({ recieveTimeout: 0 }),
    // @ts-expect-error An option of another type.
    () => new api.Dealer({ linger: "0" }),
    () => {
      // @ts-expect-error
      dealer.immediate = 1
    },
    // @ts-expect-error
    () => new api.Dealer({ context: {} }),
    // @ts-expect-error Facts are not options.
    () => new api.Dealer({ closed: true }),
    () => {
      // @ts-expect-error
      dealer.lastEndpoint = "tcp://127.0.0.1:5555"
    },
    // @ts-expect-error
    () => dealer.send(undefined),
    // @ts-expect-error
    () => dealer.bind(5555),
    // @ts-expect-error
    () => dealer.events.on("bind", "no"),
    // @ts-expect-error
    () => new api.Context({ maxSockets: "many" }),
    // @ts-expect-error
    () => new api.Socket(),
    // @ts-expect-error A proxy has two ends.
    () => new api.Proxy(dealer),
    // @ts-expect-error
    () => new api.Proxy(dealer, "tcp://127.0.0.1:5555"),
  ]
}

/** What both compilations refuse, and nothing at run time. */
export function oversights(dealer: zmq.Dealer): (() => unknown)[] {
  return [
    // @ts-expect-error
    () => dealer.send({}),
    // @ts-expect-error
    () => dealer.send([["too", "deep"]]),
    // @ts-expect-error
    () => dealer.events.on("nonsense", () => {}),
    // @ts-expect-error An event without that field.
    () => dealer.events.on("bind", ({ interval }) => interval),
    // @ts-expect-error
    () => dealer.events.on("end", ({ address }) => address),
  ]
}

/** A DEALER asks, a ROUTER answers: what both heard and were told of. */
export async function program(api: typeof zmq): Promise<string[]> {
  const lines: string[] = []
  const context: zmq.Context = new api.Context({ ipv6: false, maxSockets: 10 })
  const shared: zmq.SocketOptions<zmq.Dealer> = { context, linger: 0, routingId: "asker" }
  const dealer: zmq.Dealer = new api.Dealer({ ...shared, sendTimeout: -1 })
  const router = new api.Router({ context, mandatory: true })
  tune(router)
  const bound = new Promise<void>((resolve) => {
    const subscriber: zmq.EventSubscriber = router.events.on("bind", ({ address }) => {
      lines.push(`bound ${address === router.lastEndpoint}`)
      resolve()
    })
    subscriber.on("bind:error", explain).on("connect:retry", explain).off("bind:error", explain)
  })
  // A process that ends before a handler had its last event may be kept alive by zeromq.js.
  const over = new Promise<void>((resolve) => {
    router.events.on("end", () => resolve())
  })
  const story = observe(dealer.events)
  try {
    await router.bind("tcp://127.0.0.1:0")
    await bound
    const { lastEndpoint } = router
    if (lastEndpoint === null) throw new Error("A bound socket has no endpoint")
    dealer.connect(lastEndpoint)

    await feed(dealer, ["question", null, 42, new Uint8Array([33])])
    const [asker, ...question] = await router.receive()
    lines.push(question.join("|"))
    if (asker !== undefined) await router.send([asker, "answer"])
    lines.push(await drain(dealer))
    await dealer.send("goodbye")
    for await (const [who, what] of router) {
      lines.push(`${who}: ${what?.toString()}`)
      break
    }
  } finally {
    dealer.close()
    router.close()
  }
  lines.push(...(await story))
  await over
  return lines
}

function tune(socket: zmq.Socket): void {
  socket.linger = 0
  socket.reconnectInterval = 50
  socket.immediate = false
}

async function feed(target: zmq.Writable, message: zmq.MessageLike[]): Promise<void> {
  target.sendTimeout = -1
  target.sendHighWaterMark = 100
  await target.send(message)
}

async function drain(source: zmq.Readable): Promise<string> {
  source.receiveTimeout = -1
  source.receiveHighWaterMark = 100
  const message: zmq.Message[] = await source.receive()
  return message.map((frame) => frame.toString("utf8")).join("|")
}

async function observe(observer: zmq.Observer): Promise<string[]> {
  const lines: string[] = []
  for await (const event of observer) lines.push(explain(event))
  return lines
}

function explain(event: zmq.Event): string {
  switch (event.type) {
    case "end":
    case "unknown":
      return event.type
    case "connect:retry":
      return `${event.type} in ${event.interval.toFixed()} ms`
    case "accept:error":
    case "bind:error":
    case "close:error":
    case "handshake:error:other":
      return `${event.type} ${event.error.code.toLowerCase()} ${event.error.errno.toFixed()}`
    case "handshake:error:auth":
      return `${event.type} ${event.error.status.toFixed()}`
    case "handshake:error:protocol":
      return event.error.code === "ERR_ZMTP_CRYPTOGRAPHIC" ? "a forgery" : event.error.code.toLowerCase()
    default:
      return `${event.type} ${event.address.slice(0, 6)}`
  }
}

// Transports and patterns.
import {
  Dealer,
  Pair,
  Publisher,
  Pull,
  Push,
  Reply,
  Request,
  Router,
  type Socket,
  Stream,
  Subscriber,
  XPublisher,
  XSubscriber,
} from "puremq"
import { authority, certificate, key } from "../wire/certificates.js"
import { body, type Check, type Checks, type Ground, same, sameBytes, texts } from "./check.js"

const schemes = ["tcp", "ipc", "inproc", "ws", "wss"] as const
type Scheme = (typeof schemes)[number]

let names = 0

function place(scheme: Scheme): string {
  if (scheme === "inproc") return `inproc://check-${names++}`
  return scheme === "ipc" ? "ipc://*" : `${scheme}://127.0.0.1:*`
}

/** Binds one and connects the other. */
export async function join(
  binder: Socket,
  connecter: Socket,
  scheme: Scheme = "tcp",
  address: string = place(scheme),
): Promise<string> {
  if (scheme === "wss") {
    Object.assign(binder, { wssKeyPem: key, wssCertPem: certificate })
    Object.assign(connecter, { wssTrustPem: authority, wssTrustSystem: false, wssHostname: "localhost" })
  }
  await binder.bind(address)
  const endpoint = binder.lastEndpoint as string
  connecter.connect(endpoint)
  return endpoint
}

const quick = { linger: 0 }

function transport(scheme: Scheme): Check {
  return async ({ keep }) => {
    const [reply, request] = [keep(new Reply(quick)), keep(new Request(quick))]
    await join(reply, request, scheme)
    const large = body(5_000_000)
    for (const message of [["hello"], ["a", "", "c"], [body(70_000), "tail"], [large, "x", large]]) {
      await request.send(message)
      const asked = await reply.receive()
      same(asked.length, message.length)
      await reply.send(asked)
      const answer = await request.receive()
      same(answer.length, message.length)
      for (const [at, frame] of message.entries()) {
        if (typeof frame === "string") same(answer[at]?.toString(), frame)
        else sameBytes(answer[at], frame)
      }
    }
  }
}

/** The same scenario over every transport. */
function everywhere(play: (ground: Ground, scheme: Scheme) => Promise<void>): Check {
  return async (ground) => {
    for (const scheme of schemes) {
      try {
        await play(ground, scheme)
      } catch (error) {
        if (error instanceof Error) error.message += ` (over ${scheme})`
        throw error
      }
    }
  }
}

const count = 2000

const pushPull = everywhere(async ({ keep }, scheme) => {
  const [pull, push] = [keep(new Pull(quick)), keep(new Push(quick))]
  await join(pull, push, scheme)
  const sending = (async () => {
    for (let number = 0; number < count; number++) await push.send([String(number), body(number % 500)])
  })()
  for (let number = 0; number < count; number++) {
    const [text, bytes] = await pull.receive()
    same([String(text), bytes?.length], [String(number), number % 500])
  }
  await sending
})

const publishSubscribe = everywhere(async ({ keep }, scheme) => {
  const [publisher, subscriber] = [keep(new XPublisher(quick)), keep(new Subscriber(quick))]
  subscriber.subscribe("weather")
  await join(publisher, subscriber, scheme)
  same(texts(await publisher.receive()), ["\u0001weather"])
  await publisher.send(["sports", "no"])
  await publisher.send(["weather", "sunny"])
  same(texts(await subscriber.receive()), ["weather", "sunny"])
  subscriber.unsubscribe("weather")
  same(texts(await publisher.receive()), ["\u0000weather"])
})

const rawSubscriptions = everywhere(async ({ keep }, scheme) => {
  const [publisher, subscriber] = [keep(new Publisher(quick)), keep(new XSubscriber(quick))]
  await join(publisher, subscriber, scheme)
  await subscriber.send("\u0001news")
  const sending = setInterval(() => void publisher.send(["news", "flash"]).catch(() => {}), 5)
  try {
    same(texts(await subscriber.receive()), ["news", "flash"])
  } finally {
    clearInterval(sending)
  }
})

const pairs = everywhere(async ({ keep }, scheme) => {
  const [left, right] = [keep(new Pair(quick)), keep(new Pair(quick))]
  await join(left, right, scheme)
  await Promise.all([left.send("from left"), right.send("from right")])
  same(texts(await left.receive()), ["from right"])
  same(texts(await right.receive()), ["from left"])
})

const dealerRouter = everywhere(async ({ keep }, scheme) => {
  const [router, dealer] = [keep(new Router(quick)), keep(new Dealer({ ...quick, routingId: "dealer" }))]
  await join(router, dealer, scheme)
  await dealer.send(["", "question"])
  const [id = "", ...rest] = await router.receive()
  same([String(id), ...texts(rest)], ["dealer", "", "question"])
  await router.send([id, "", "answer"])
  same(texts(await dealer.receive()), ["", "answer"])
})

const stream: Check = async ({ keep }) => {
  const [left, right] = [keep(new Stream(quick)), keep(new Stream(quick))]
  await join(left, right)
  const [id = ""] = await right.receive()
  await right.send([id, "raw bytes"])
  await left.receive()
  same(texts((await left.receive()).slice(1)), ["raw bytes"])
}

export const trafficChecks: Checks = {
  ...Object.fromEntries(
    schemes.map((scheme) => [`${scheme}: REQ/REP, multipart, 5 MB frames`, transport(scheme)]),
  ),
  "PUSH/PULL on every transport": pushPull,
  "SUB/XPUB on every transport": publishSubscribe,
  "PUB/XSUB on every transport": rawSubscriptions,
  "PAIR on every transport": pairs,
  "DEALER/ROUTER on every transport": dealerRouter,
  "STREAM over tcp": stream,
}

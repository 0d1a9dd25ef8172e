// What sockets do besides moving messages.
import { Dealer, Pair, Pull, Push, Reply, Request, Router } from "puremq"
import { type Check, type Checks, refusal, same, texts, within } from "./check.js"
import { join } from "./traffic-checks.js"

const quick = { linger: 0 }

const highWaterMark: Check = async ({ keep }) => {
  for (const scheme of ["tcp", "ipc", "inproc", "ws"] as const) {
    const pull = keep(new Pull({ ...quick, receiveHighWaterMark: 5 }))
    const push = keep(new Push({ ...quick, sendHighWaterMark: 5, sendTimeout: 100 }))
    await join(pull, push, scheme)
    const message = new Uint8Array(100_000)
    let sent = 0
    let code = ""
    // The system takes some megabytes; then nobody may send.
    while (code === "" && sent < 2000) {
      code = await refusal(() => push.send(message)).then((refused) =>
        refused === "no error" ? "" : refused,
      )
      if (code === "") sent++
    }
    same(code, "EAGAIN")
    push.sendTimeout = -1
    const waiting = push.send("last")
    for (let taken = 0; taken < sent; taken++) same((await pull.receive())[0]?.length, message.length)
    await waiting
    same(texts(await pull.receive()), ["last"])
  }
}

const reconnect: Check = async ({ keep, path }) => {
  for (const scheme of ["tcp", "ipc", "ws"] as const) {
    const dealer = keep(new Dealer({ ...quick, reconnectInterval: 10, immediate: true }))
    let router = new Router(quick)
    const address = scheme === "ipc" ? `ipc://${path("returning")}` : undefined
    const endpoint = await join(router, dealer, scheme, address)
    for (const round of ["first", "second", "third"]) {
      await dealer.send(round)
      same(String((await router.receive())[1]), round)
      const gone = new Promise<void>((resolve) => dealer.events.on("disconnect", () => resolve()))
      router.close()
      await within(gone, "the end of the connection")
      router = new Router(quick)
      keep(router)
      await bindAgain(router, endpoint)
    }
  }
}

/** The system may want a moment to give the port back. */
async function bindAgain(router: Router, endpoint: string): Promise<void> {
  for (let left = 200; ; left--) {
    const code = await refusal(() => router.bind(endpoint))
    if (code === "no error") return
    if (left === 0) throw new Error(`bind again: ${code}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const occupied: Check = async ({ keep }) => {
  for (const scheme of ["tcp", "ws"]) {
    const [first, second] = [keep(new Pull(quick)), keep(new Pull(quick))]
    first.bindSync(`${scheme}://127.0.0.1:*`)
    const endpoint = first.lastEndpoint as string
    same(await refusal(() => second.bind(endpoint)), "EADDRINUSE")
    same(await refusal(() => second.bindSync(endpoint)), "EADDRINUSE")
    await first.unbind(endpoint)
    await bindAgain(second as unknown as Router, endpoint)
  }
  same(await refusal(() => keep(new Pull(quick)).bind("ipc:///nowhere/at/all")), "ENOENT")
}

const elsewhere: Check = async ({ keep }) => {
  same(await refusal(() => keep(new Pull(quick)).bind("tcp://192.0.2.1:5555")), "EADDRNOTAVAIL")
}

const heartbeats: Check = async ({ keep }) => {
  const settings = { ...quick, heartbeatInterval: 30, heartbeatTimeout: 5000 }
  const [left, right] = [keep(new Pair(settings)), keep(new Pair(settings))]
  let ends = 0
  right.events.on("disconnect", () => ends++)
  await join(left, right)
  await right.send("begin")
  await left.receive()
  // Ten heartbeats are no end.
  await new Promise((resolve) => setTimeout(resolve, 300))
  await left.send("still there")
  same(texts(await right.receive()), ["still there"])
  same(ends, 0)
}

const events: Check = async ({ keep }) => {
  for (const scheme of ["tcp", "ipc", "ws"] as const) {
    const [server, client] = [keep(new Pull(quick)), keep(new Push(quick))]
    const seen: string[] = []
    const closed = new Promise<void>((resolve) => {
      server.events.on("disconnect", () => resolve())
    })
    for (const type of ["bind", "accept", "handshake", "disconnect"] as const) {
      server.events.on(type, () => seen.push(type))
    }
    await join(server, client, scheme)
    await client.send("hello")
    await server.receive()
    client.close()
    await within(closed, "the disconnect")
    same(seen, ["bind", "accept", "handshake", "disconnect"])
  }
}

const lingering: Check = async ({ keep }) => {
  for (const scheme of ["tcp", "ipc", "ws"] as const) {
    const [pull, push] = [keep(new Pull(quick)), new Push()]
    await join(pull, push, scheme)
    for (let number = 0; number < 100; number++) await push.send([String(number), new Uint8Array(10_000)])
    push.close()
    for (let number = 0; number < 100; number++) same(String((await pull.receive())[0]), String(number))
  }
}

const disposal: Check = async () => {
  let kept: Pull | undefined
  {
    using pull = new Pull()
    kept = pull
  }
  same(kept.closed, true)
  let endpoint = ""
  {
    await using pull = new Pull()
    await pull.bind("tcp://127.0.0.1:*")
    endpoint = pull.lastEndpoint as string
  }
  await using next = new Pull()
  await next.bind(endpoint)
}

const aborting: Check = async ({ keep }) => {
  const [pull, push] = [keep(new Pull(quick)), keep(new Push(quick))]
  await join(pull, push)
  const controller = new AbortController()
  const waiting = refusal(() => pull.receive({ signal: controller.signal }))
  controller.abort()
  same(await waiting, "AbortError")
  await push.send("not lost")
  same(texts(await pull.receive()), ["not lost"])
  same(await refusal(() => pull.receive({ signal: AbortSignal.timeout(20) })), "TimeoutError")
}

const text: Check = async ({ keep }) => {
  const [left, right] = [keep(new Pair(quick)), keep(new Pair(quick))]
  await join(left, right)
  await left.send("grün € 🎈")
  const [frame] = await right.receive()
  same(frame?.toString(), "grün € 🎈")
  same(frame?.toString("hex"), "6772c3bc6e20e282ac20f09f8e88")
  same(frame instanceof Uint8Array, true)
  await right.send(frame ?? "")
  same(await left.receiveString(), "grün € 🎈")
}

const timeouts: Check = async ({ keep }) => {
  const pull = keep(new Pull({ ...quick, receiveTimeout: 20 }))
  await pull.bind("tcp://127.0.0.1:*")
  same(await refusal(() => pull.receive()), "EAGAIN")
  const waiting = refusal(() => keep(new Pull()).receive())
  const request = keep(new Request({ ...quick, sendTimeout: 20 }))
  same(await refusal(() => request.send("to nobody")), "EAGAIN")
  pull.close()
  same(await refusal(() => pull.receive()), "EBADF")
  void waiting
}

const concurrency: Check = async ({ keep }) => {
  const router = keep(new Router(quick))
  await router.bind("tcp://127.0.0.1:*")
  const dealers = Array.from({ length: 100 }, () => keep(new Dealer(quick)))
  for (const [number, dealer] of dealers.entries()) {
    dealer.connect(router.lastEndpoint as string)
    await dealer.send(String(number))
  }
  for (let left = dealers.length; left > 0; left--) await router.send(await router.receive())
  for (const [number, dealer] of dealers.entries()) same(texts(await dealer.receive()), [String(number)])
}

const pace: Check = async ({ keep }) => {
  const [reply, request] = [keep(new Reply(quick)), keep(new Request(quick))]
  await join(reply, request)
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  const end = performance.now() + 200
  while (performance.now() < end) {
    await request.send("x")
    await reply.send(await reply.receive())
    await request.receive()
  }
  clearInterval(timer)
  // A busy socket lets the event loop have its turns.
  if (ticks < 2) throw new Error(`${ticks} turns of a timer in 200 ms`)
}

export const socketChecks: Checks = {
  "back-pressure at high-water marks": highWaterMark,
  "a server that comes back is found again": reconnect,
  "addresses that are taken": occupied,
  "an address of another machine": elsewhere,
  heartbeats,
  events,
  "close lingers until all is sent": lingering,
  "using and await using": disposal,
  AbortSignal: aborting,
  "text of frames": text,
  timeouts,
  "a hundred connections": concurrency,
  "timers run beside busy sockets": pace,
}

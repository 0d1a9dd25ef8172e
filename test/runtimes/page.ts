// The checks of a page in a browser.
import {
  attachPort,
  Dealer,
  Pair,
  Publisher,
  Pull,
  Push,
  Request,
  type Socket,
  type SocketOptions,
  Subscriber,
} from "puremq"
import {
  body,
  type Check,
  type Checks,
  type Ground,
  type Outcome,
  playChecks,
  refusal,
  same,
  sameBytes,
  texts,
  within,
} from "./check.js"
import type { PageConfiguration } from "./page-configuration.js"

interface PageGlobals {
  readonly Worker: new (
    url: string,
    options: object,
  ) => { postMessage(value: unknown, transfer: unknown[]): void; terminate(): void }
  readonly fetch: (url: string) => Promise<{ json(): Promise<unknown> }>
  readonly tellPlayed: (outcomes: Outcome[]) => void
}
const { Worker, fetch, tellPlayed } = globalThis as unknown as PageGlobals
const servers = (await (await fetch.call(globalThis, "/configuration.json")).json()) as PageConfiguration

const quick = { linger: 0 }

async function talk(
  { keep }: Ground,
  address: string,
  options: SocketOptions<Request> = {},
  sizes = [0, 1, 300, 70_000, 5_000_000],
): Promise<void> {
  const request = keep(new Request({ ...quick, ...options }))
  request.connect(address)
  for (const size of sizes) {
    await request.send(["grün", body(size)])
    const [text, bytes] = await within(request.receive(), `the answer to ${size} bytes`, 5000)
    same(text?.toString(), "grün")
    sameBytes(bytes, body(size))
  }
}

/** What the socket says of its connection that does not come about. */
async function refused(socket: Socket, address: string): Promise<string> {
  const ends = [
    "handshake:error:auth",
    "handshake:error:protocol",
    "handshake:error:other",
    "connect:retry",
    "disconnect",
  ] as const
  const end = new Promise<string>((resolve) => {
    for (const type of ends) socket.events.on(type, () => resolve(type))
  })
  socket.connect(address)
  return within(end, "the refusal")
}

const plain: Check = async (ground) => {
  await talk(ground, servers.plain, { plainUsername: "user", plainPassword: "secret" })
  const stranger = ground.keep(new Dealer({ ...quick, plainUsername: "user", plainPassword: "wrong" }))
  same(await refused(stranger, servers.plain), "handshake:error:auth")
}

const keys = ({ publicKey, secretKey }: PageConfiguration["friend"]): SocketOptions<Request> => ({
  curveServerKey: servers.serverKey,
  curvePublicKey: publicKey,
  curveSecretKey: secretKey,
})

const curve: Check = async (ground) => {
  await talk(ground, servers.curve, keys(servers.friend))
  const stranger = ground.keep(new Request({ ...quick, ...keys(servers.stranger) }))
  same(await refused(stranger, servers.curve), "handshake:error:auth")
}

const closed: Check = async ({ keep }) => {
  const request = keep(new Request({ ...quick, receiveTimeout: 200 }))
  same(await refused(request, servers.closed), "connect:retry")
  await request.send("to nobody")
  same(await refusal(() => request.receive()), "EAGAIN")
}

const inproc: Check = async ({ keep }) => {
  const [pull, push] = [keep(new Pull(quick)), keep(new Push(quick))]
  await pull.bind("inproc://page")
  push.connect("inproc://page")
  await push.send(["text", body(1000), null])
  const [text, bytes, empty] = await pull.receive()
  same([String(text), bytes?.length, empty?.length], ["text", 1000, 0])
  const [publisher, subscriber] = [keep(new Publisher(quick)), keep(new Subscriber(quick))]
  subscriber.subscribe("weather")
  await publisher.bind("inproc://news")
  subscriber.connect("inproc://news")
  await publisher.send(["sports", "no"])
  await publisher.send(["weather", "sunny"])
  same(texts(await subscriber.receive()), ["weather", "sunny"])
}

const workers: Check = async ({ keep }) => {
  const worker = new Worker("/build/test/runtimes/page-worker.js", { type: "module" })
  keep({ close: () => worker.terminate() })
  const { port1, port2 } = new MessageChannel()
  keep(attachPort(port1))
  worker.postMessage({ port: port2, address: servers.puremq }, [port2])
  const pair = keep(new Pair(quick))
  pair.connect("inproc://worker")
  await pair.send(["to the worker", body(1_000_000)])
  const [text, bytes] = await pair.receive()
  same(text?.toString(), "to the worker, and back")
  sameBytes(bytes, body(1_000_000))
  same(texts(await pair.receive()), ["the worker's own connection"])
}

const unknown: Check = async ({ keep }) => {
  const pair = keep(new Pair(quick))
  for (const address of ["tcp://127.0.0.1:5555", "ipc:///tmp/socket"]) {
    same(await refusal(() => pair.connect(address)), "EPROTONOSUPPORT")
  }
  same(await refusal(() => pair.bind("ws://127.0.0.1:*")), "EPROTONOSUPPORT")
}

const aborting: Check = async ({ keep }) => {
  const pull = keep(new Pull(quick))
  await pull.bind("inproc://aborting")
  const controller = new AbortController()
  const waiting = refusal(() => pull.receive({ signal: controller.signal }))
  controller.abort()
  same(await waiting, "AbortError")
}

const given = (
  address: string | null,
  reason: string,
  play: (ground: Ground, address: string) => Promise<void>,
) => (async (ground) => (address === null ? ground.skip(reason) : play(ground, address))) as Check

const noLibzmq = "npm zeromq is not installed"
const checks: Checks = {
  "page: ws to puremq, 5 MB frames": (ground) => talk(ground, servers.puremq),
  "page: ws to libzmq": given(servers.libzmq, noLibzmq, (ground, address) =>
    talk(ground, address, {}, [0, 1, 300, 60_000]),
  ),
  "page: ws to libzmq, 5 MB frames": given(servers.libzmq, noLibzmq, (ground, address) =>
    talk(ground, address, {}, [5_000_000]),
  ),
  "page: wss whose authority the browser trusts": given(servers.trusted, servers.untrusting, talk),
  "page: wss of another name is refused": given(
    servers.misnamed,
    servers.untrusting,
    async ({ keep }, address) => {
      same(await refused(keep(new Request(quick)), address), "connect:retry")
    },
  ),
  "page: servers that do not allow its origin refuse it": closed,
  "page: PLAIN over ws": plain,
  "page: CURVE over ws": curve,
  "page: CURVE over ws to libzmq": given(servers.libzmqCurve, noLibzmq, (ground, address) =>
    talk(ground, address, keys(servers.friend), [0]),
  ),
  "page: inproc": inproc,
  "page: a Web Worker by attachPort": workers,
  "page: tcp and ipc give EPROTONOSUPPORT": unknown,
  "page: AbortSignal": aborting,
}

const outcomes: Outcome[] = []
const nothing = (): never => {
  throw new Error("A page starts no programs")
}
await playChecks(checks, { node: "", self: [], program: nothing, path: nothing }, (outcome) =>
  outcomes.push(outcome),
)
tellPlayed.call(globalThis, outcomes)

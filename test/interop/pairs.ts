// Every compatible pair of the eleven types, ours with libzmq's, whoever asks and whoever binds.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as puremq from "puremq"
import { loadZeromq, type SharedApi, type SocketName } from "../suites/library.js"
import { unlessMissing } from "./peer.js"

const loaded = loadZeromq()
const { skip } = unlessMissing(typeof loaded === "string" ? loaded : undefined)

/** One frame of each size, two frames, and fifty. */
export function messagesOf(sizes: readonly number[]): Buffer[][] {
  return [
    ...sizes.map((size) => [Buffer.alloc(size, size % 251)]),
    [Buffer.from("two"), Buffer.from("frames")],
    Array.from({ length: 50 }, (_, at) => Buffer.alloc(at * 7, at)),
  ]
}

const empty = Buffer.alloc(0)
const nameOf = (type: SocketName): Buffer => Buffer.from(`the ${type}`)

/** What the sender passes to `send`, and what the receiver then gets, for a body. */
export interface Direction {
  readonly from: SocketName
  readonly to: SocketName
  readonly sent: (body: Buffer[]) => Buffer[]
  readonly got: (body: Buffer[]) => Buffer[]
}

const plain = (body: Buffer[]): Buffer[] => body
const way = (from: SocketName, to: SocketName, sent = plain, got = plain): Direction => ({
  from,
  to,
  sent,
  got,
})
const delimited = (body: Buffer[]): Buffer[] => [empty, ...body]
const to =
  (type: SocketName, rest = plain) =>
  (body: Buffer[]): Buffer[] => [nameOf(type), ...rest(body)]

/** A pair: each message goes the first way, then its answer the second, if there is one. */
export const pairs: readonly (readonly [Direction, Direction?])[] = [
  [way("Push", "Pull")],
  [way("Pair", "Pair"), way("Pair", "Pair")],
  [way("Publisher", "Subscriber")],
  [way("Publisher", "XSubscriber")],
  [way("XPublisher", "Subscriber")],
  [way("XPublisher", "XSubscriber")],
  [way("Request", "Reply"), way("Reply", "Request")],
  [
    way("Request", "Router", plain, to("Request", delimited)),
    way("Router", "Request", to("Request", delimited)),
  ],
  [way("Dealer", "Reply", delimited), way("Reply", "Dealer", plain, delimited)],
  [way("Dealer", "Dealer"), way("Dealer", "Dealer")],
  [way("Dealer", "Router", plain, to("Dealer")), way("Router", "Dealer", to("Dealer"))],
  [way("Router", "Router", to("Router"), to("Router")), way("Router", "Router", to("Router"), to("Router"))],
]

type AnySocket = InstanceType<SharedApi["Pair"]>

function open(library: SharedApi, type: SocketName, options: object): AnySocket {
  const socket = new library[type]({ linger: 0, ...options }) as AnySocket
  if (["Request", "Dealer", "Router"].includes(type)) Object.assign(socket, { routingId: nameOf(type) })
  if (type === "Router") Object.assign(socket, { mandatory: true })
  if (type === "Subscriber") (socket as unknown as puremq.Subscriber).subscribe()
  return socket
}

/** A publisher sends into the void, and a router refuses, until its peer has come. */
async function settle(sender: AnySocket, receiver: AnySocket, direction: Direction): Promise<void> {
  if (direction.to === "XSubscriber") await receiver.send(Buffer.from([1]))
  const publishes = direction.from === "Publisher" || direction.from === "XPublisher"
  if (!publishes && direction.from !== "Router") return
  const end = Buffer.from("settled")
  let heard = false
  const first = receiver.receive().then(() => {
    heard = true
  })
  while (!heard) {
    await sender.send(direction.sent([Buffer.from("probe")])).catch(() => undefined)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await first
  await sender.send(direction.sent([end]))
  while (!(await receiver.receive()).at(-1)?.equals(end));
}

/** Where it connects over ws, libzmq masks in the memory of the caller, who then has other bytes than those it sent. */
function copyOf(body: readonly Buffer[]): Buffer[] {
  return body.map((frame) => Buffer.from(frame))
}

function assertSame(got: readonly Buffer[], expected: readonly Buffer[]): void {
  assert.deepEqual(
    got.map((frame) => frame.length),
    expected.map((frame) => frame.length),
  )
  for (const [at, frame] of got.entries())
    assert.ok(frame.equals(expected[at] as Buffer), `frame ${at} differs`)
}

async function converse(
  asker: AnySocket,
  answerer: AnySocket,
  there: Direction,
  back: Direction | undefined,
  messages: readonly Buffer[][],
): Promise<void> {
  await settle(asker, answerer, there)
  for (const body of messages) {
    await asker.send(there.sent(copyOf(body)))
    assertSame(await answerer.receive(), there.got(body))
    if (back === undefined) continue
    await answerer.send(back.sent(copyOf(body)))
    assertSame(await asker.receive(), back.got(body))
  }
}

/** What the sockets of a run of tests have in common. */
export interface Run {
  /** In the tests' names. */
  readonly name?: string
  readonly pairs: readonly (readonly [Direction, Direction?])[]
  readonly addresses: readonly string[]
  readonly messages: readonly Buffer[][]
  /** Options of the socket that binds, and of the one that connects. */
  readonly binder?: (library: SharedApi) => object
  readonly connecter?: (library: SharedApi) => object
}

/** A test for every pair, with either side ours, and either side bound. */
export function playPairs(run: Run): void {
  for (const [there, back] of run.pairs) {
    for (const weAsk of [true, false]) {
      for (const weBind of [true, false]) {
        for (const address of run.addresses) {
          const [ours, theirs] = weAsk ? [there.from, there.to] : [there.to, there.from]
          const what = `our ${ours} ${weBind ? "binds" : "connects"}, libzmq's ${theirs}, ${address.slice(0, 3)}`
          test(`${run.name ?? ""}${what}`, { skip, timeout: 60_000 }, async () => {
            if (typeof loaded === "string") return
            const optionsOf = (library: SharedApi, binds: boolean): object =>
              (binds ? run.binder : run.connecter)?.(library) ?? {}
            const we = open(puremq, ours, optionsOf(puremq, weBind))
            const they = open(loaded.zmq, theirs, optionsOf(loaded.zmq, !weBind))
            try {
              const [binder, connecter] = weBind ? [we, they] : [they, we]
              await binder.bind(address)
              connecter.connect(binder.lastEndpoint as string)
              const [asker, answerer] = weAsk ? [we, they] : [they, we]
              await converse(asker, answerer, there, back, run.messages)
            } finally {
              we.close()
              they.close()
            }
          })
        }
      }
    }
  }
}

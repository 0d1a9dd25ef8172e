// Datagrams that anybody might send to a socket of UDP.
import assert from "node:assert/strict"
import { LARGEST_DATAGRAM, parseDatagramAddress } from "#src/datagram.js"
import { DatagramLink, decodeGroupDatagram, encodeGroupDatagram } from "#src/link/datagrams.js"
import { MessageQueue } from "#src/link/inproc.js"
import type { Hello, Link, LinkEnd, Scheduler } from "#src/link/link.js"
import type { Message } from "#src/message.js"
import type { Chance } from "./chance.js"
import { injure, noise } from "./streams.js"

const scheduler = { arrived: () => {} } as unknown as Scheduler

/** What became of the datagrams of one attack. */
export interface DatagramOutcome {
  readonly delivered: number
  readonly dropped: number
}

/** Throws unless each datagram is either delivered as what it says, or dropped and counted. */
export function attackWithDatagrams(chance: Chance): DatagramOutcome {
  const counters = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, dropped: 0 }
  const socketType = chance.of(["DISH", "DISH", "DGRAM"] as const)
  const messages: Message[] = []
  let room = 1 + chance.below(20)
  const end: LinkEnd = {
    outbox: new MessageQueue(),
    takesRuns: false,
    room: Infinity,
    halted: false,
    deliver: (message) => {
      messages.push(message)
      return --room > 0
    },
    deliverRun: () => assert.fail("runs are not taken"),
    drained: () => {},
    flushed: () => {},
  }
  const owner = { counters, opened: () => {}, ended: () => {}, linked: (link: Link) => link.start(end) }
  const link = new DatagramLink(
    { socketType, limits: { frameBytes: 4000 } } as Hello,
    owner,
    scheduler,
    undefined,
  )
  link.open({ send: () => {}, close: async () => {} })
  const count = chance.below(20)
  for (let sent = 0; sent < count; sent++) {
    const before = messages.length
    const bytes = nextDatagram(chance)
    link.received(bytes, { host: chance.of(["127.0.0.1", "::1"]), port: 1 + chance.below(65_535) })
    if (messages.length > before) checkDelivered(messages.at(-1) as Message, bytes, socketType)
    if (room <= 0 && chance.below(4) === 0) {
      room = 1 + chance.below(5)
      link.resume()
    }
  }
  assert.equal(counters.messagesIn, messages.length)
  assert.equal(messages.length + counters.dropped, count)
  link.destroy()
  return { delivered: messages.length, dropped: counters.dropped }
}

function checkDelivered(message: Message, bytes: Buffer, socketType: "DISH" | "DGRAM"): void {
  assert.equal(message.length, 2)
  const [first, body] = message as [Buffer, Buffer]
  assert.ok(bytes.length <= LARGEST_DATAGRAM && body.length <= 4000)
  if (socketType === "DGRAM") {
    assert.ok(parseDatagramAddress(first) !== undefined, `no address: ${first}`)
    assert.ok(body.equals(bytes))
  } else {
    assert.ok(Buffer.from(encodeGroupDatagram(message)).equals(bytes), "it says the same again")
    assert.deepEqual(decodeGroupDatagram(bytes), message)
  }
}

function nextDatagram(chance: Chance): Buffer {
  const group = noise(chance, chance.of([0, 1, 3, 15, 254, 255]))
  const body = noise(chance, chance.of([0, 1, 30, 300]))
  const good = Buffer.concat([Buffer.of(group.length), group, body])
  switch (chance.below(8)) {
    case 0:
      return noise(chance, chance.below(300))
    case 1:
      return injure(chance, good)
    case 2:
      return good.subarray(0, chance.below(good.length + 1))
    case 3:
      return Buffer.alloc(chance.of([3999, 4000, 4001, 4256, 8191, 8192, 8193, 60_000]), chance.below(256))
    default:
      return good
  }
}

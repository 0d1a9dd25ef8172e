// Every pair of the draft types with a live libzmq, frame sizes around each boundary, byte for byte.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { vacantDatagramPort } from "../suites/datagram-port.js"
import { within } from "../suites/deadline.js"
import { type DraftApi, type DraftName, type DraftSocket, draftOf } from "../suites/draft-library.js"
import { tune } from "../suites/draft-radio-dish.js"
import { loadZeromq } from "../suites/library.js"
import { unlessMissing } from "./peer.js"

const loaded = loadZeromq()
const { skip } = unlessMissing(typeof loaded === "string" ? loaded : undefined)

const streamSizes = [0, 1, 128, 255, 256, 65_535, 65_536, 5_000_000]
/** With the group and its length these are datagrams of up to 8192 bytes. */
const datagramSizes = [0, 1, 255, 256, 8000, 8186]
const bodies = (sizes: readonly number[]): Buffer[] => sizes.map((size) => Buffer.alloc(size, size % 251))

/**
 * Says bodies one after the other from the first socket to the second, and back where they talk both ways: copies, for
 * over ws libzmq masks what it is given in place.
 */
type Play = (from: DraftApi[DraftName]["prototype"], to: DraftApi[DraftName]["prototype"]) => Promise<void>

interface Pair {
  readonly from: DraftName
  readonly to: DraftName
  readonly play: Play
}

function assertSame(got: Buffer | undefined, expected: Buffer): void {
  assert.ok(got?.equals(expected), `${got?.length} bytes came instead of ${expected.length}, or others`)
}

const pairs: readonly Pair[] = [
  {
    from: "Client",
    to: "Server",
    play: async (from, to) => {
      const [client, server] = [from as DraftSocket<"Client">, to as DraftSocket<"Server">]
      for (const body of bodies(streamSizes)) {
        await client.send(Buffer.from(body))
        const [question, who] = await server.receive()
        assertSame(question, body)
        await server.send(question, who)
        assertSame((await client.receive())[0], body)
      }
    },
  },
  {
    from: "Radio",
    to: "Dish",
    play: async (from, to) => {
      const [radio, dish] = [from as DraftSocket<"Radio">, to as DraftSocket<"Dish">]
      const long = "g".repeat(255)
      dish.join(long)
      dish.join("left")
      await tune(radio, dish, "left")
      dish.leave("left")
      await tune(radio, dish, long)
      for (const body of bodies(streamSizes)) {
        await radio.send(Buffer.from(body), { group: "other" })
        await radio.send(Buffer.from(body), { group: "left" })
        await radio.send(Buffer.from(body), { group: long })
        const [heard, { group }] = await dish.receive()
        assertSame(heard, body)
        assert.equal(group.toString(), long)
      }
    },
  },
  {
    from: "Scatter",
    to: "Gather",
    play: async (from, to) => {
      const [scatter, gather] = [from as DraftSocket<"Scatter">, to as DraftSocket<"Gather">]
      for (const body of bodies(streamSizes)) {
        await scatter.send(Buffer.from(body))
        assertSame((await gather.receive())[0], body)
      }
    },
  },
  {
    from: "Channel",
    to: "Channel",
    play: async (from, to) => {
      const [one, other] = [from as DraftSocket<"Channel">, to as DraftSocket<"Channel">]
      for (const body of bodies(streamSizes)) {
        await one.send(Buffer.from(body))
        const [heard] = await other.receive()
        assertSame(heard, body)
        await other.send(heard as Buffer)
        assertSame((await one.receive())[0], body)
      }
    },
  },
]

interface Cast {
  readonly we: DraftApi
  readonly they: DraftApi
}

async function withSockets(
  from: DraftSocket<DraftName>,
  to: DraftSocket<DraftName>,
  play: () => Promise<void>,
): Promise<void> {
  try {
    await within(play(), "the conversation", 50_000)
  } finally {
    from.close()
    to.close()
  }
}

function open<Name extends DraftName>(api: DraftApi, name: Name, options: object = {}): DraftSocket<Name> {
  return new (api[name] as unknown as new (options: object) => DraftSocket<Name>)({ linger: 0, ...options })
}

function cast(): Cast {
  return { we: draftOf("puremq"), they: draftOf("zeromq") }
}

describe("draft types with libzmq", { skip }, () => {
  for (const { from, to, play } of pairs) {
    for (const weSend of [true, false]) {
      for (const sendersBind of [true, false]) {
        for (const address of ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"]) {
          const name = `${weSend ? "our" : "libzmq's"} ${from} ${sendersBind ? "binds" : "connects"} to ${to}, ${address.slice(0, 3)}`
          test(name, { timeout: 60_000 }, async () => {
            const { we, they } = cast()
            const sender = open(weSend ? we : they, from)
            const receiver = open(weSend ? they : we, to)
            await withSockets(sender, receiver, async () => {
              const [binder, connecter] = sendersBind ? [sender, receiver] : [receiver, sender]
              await binder.bind(address)
              connecter.connect(binder.lastEndpoint as string)
              await play(sender, receiver)
            })
          })
        }
      }
    }
  }

  for (const weSend of [true, false]) {
    const who = weSend ? "our RADIO, libzmq's DISH" : "libzmq's RADIO, our DISH"
    for (const place of ["127.0.0.1", "lo;239.255.13.1"]) {
      test(`${who} over udp at ${place}`, { timeout: 60_000 }, async () => {
        const { we, they } = cast()
        const radio = open(weSend ? we : they, "Radio")
        const dish = open(weSend ? they : we, "Dish")
        await withSockets(radio, dish, async () => {
          const address = `udp://${place}:${await vacantDatagramPort()}`
          dish.join("group")
          await dish.bind(address)
          radio.connect(address)
          await tune(radio, dish, "group")
          for (const body of bodies(datagramSizes)) {
            await radio.send(Buffer.from(body), { group: "other" })
            await radio.send(Buffer.from(body), { group: "group" })
            const [heard, { group }] = await dish.receive()
            assertSame(heard, body)
            assert.equal(group.toString(), "group")
          }
        })
      })
    }
  }

  test("DGRAMs talk to those of libzmq", { timeout: 60_000 }, async () => {
    const { we, they } = cast()
    const [ours, theirs] = [open(we, "Datagram"), open(they, "Datagram")]
    await withSockets(ours, theirs, async () => {
      const place = `127.0.0.1:${await vacantDatagramPort()}`
      await theirs.bind(`udp://${place}`)
      await ours.bind("udp://127.0.0.1:*")
      let heard = false
      const first = theirs.receive().then((message) => {
        heard = true
        return message
      })
      while (!heard) {
        await ours.send([place, "probe"])
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const [back] = await first
      await ours.send([place, "met"])
      while ((await theirs.receive())[1].toString() !== "met");
      for (const body of bodies([0, 1, 255, 8000])) {
        await ours.send([place, body])
        const [from, there] = await theirs.receive()
        assertSame(from, back)
        assertSame(there, body)
        await theirs.send([from, body])
        const [who, here] = await ours.receive()
        assert.equal(who.toString(), `${place}\0`)
        assertSame(here, body)
      }
    })
  })

  for (const weBind of [true, false]) {
    // zeromq.js has no way to say whom a PEER sends to; but what libzmq's says of itself when it is met it can say.
    test(`PEER with libzmq's, ${weBind ? "we bind" : "it binds"}`, { timeout: 60_000 }, async () => {
      const { we, they } = cast()
      const [ours, theirs] = [open(we, "Peer", { helloMessage: "our hello" }), open(they, "Peer")]
      const HELLO = 110
      ;(theirs as unknown as { setStringOption(id: number, text: string): void }).setStringOption(
        HELLO,
        "their hello",
      )
      await withSockets(ours, theirs, async () => {
        const [binder, connecter] = weBind ? [ours, theirs] : [theirs, ours]
        await binder.bind("tcp://127.0.0.1:*")
        connecter.connect(binder.lastEndpoint as string)
        const [hello, from] = await ours.receive()
        assert.equal(hello.toString(), "their hello")
        assert.equal((await theirs.receive())[0].toString(), "our hello")
        for (const body of bodies(streamSizes)) {
          await ours.send(body, from)
          assertSame((await theirs.receive())[0], body)
        }
      })
    })
  }
})

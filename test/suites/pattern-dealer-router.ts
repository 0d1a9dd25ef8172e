// DEALER and ROUTER: whose turn it is, and the names by which a ROUTER knows its peers.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import {
  allHear,
  assertTurns,
  isLeft,
  numbers,
  offer,
  reaches,
  sized,
  take,
  takeFrames,
  takeMany,
  takesNothing,
} from "./talk.js"

const shapes = [["body"], [""], ["", ""], ["a", "", "b"], ["", "a", ""], ["a"]]

export function dealerRouterScenarios(setting: Setting): void {
  dealers(setting)

  scenario(setting, "ROUTER hears three peers in turn, and answers each by its name", async (stage) => {
    const router = stage.open("Router")
    const address = await stage.bind(router)
    const names = ["first", "second", "third"]
    const dealers = names.map((routingId) => stage.open("Dealer", { routingId }))
    const sends = dealers.map((dealer) => {
      dealer.connect(address)
      return () => dealer.send("hello")
    })
    await assertTurns(sends, async () => {
      const [name = "", ...body] = await take(router)
      assert.deepEqual(body, ["hello"])
      return name
    })
    for (const name of names) await router.send([name, `to ${name}`])
    for (const [index, name] of names.entries()) {
      const dealer = dealers[index] as (typeof dealers)[0]
      assert.deepEqual(await take(dealer), [`to ${name}`])
      await takesNothing(dealer, "a DEALER that was told one thing")
    }
  })

  scenario(setting, "ROUTER names peers that have no name: five bytes, the first a zero", async (stage) => {
    const router = stage.open("Router")
    const address = await stage.bind(router)
    const names: Buffer[] = []
    const dealers = stage.three("Dealer")
    for (const [index, dealer] of dealers.entries()) {
      dealer.connect(address)
      for (const word of ["one", "two"]) {
        await dealer.send(word)
        const [name, body] = await takeFrames(router)
        assert.ok(name !== undefined)
        assert.deepEqual([name.length, name[0], body?.toString()], [5, 0, word])
        names[index] ??= name
        assert.deepEqual(name, names[index], "the name changed")
      }
    }
    assert.equal(new Set(names.map((name) => name.toString("hex"))).size, 3)
    for (const [index, name] of names.entries()) await router.send([name, String(index)])
    for (const [index, dealer] of dealers.entries()) assert.deepEqual(await take(dealer), [String(index)])
  })

  scenario(setting, "ROUTER takes any name that a peer gives itself", async (stage) => {
    const router = stage.open("Router", { mandatory: true })
    const address = await stage.bind(router)
    const names = [
      Buffer.from("x"),
      Buffer.from([1, 0, 0, 255, 0]),
      Buffer.alloc(255, 0xff),
      Buffer.from("Žluťoučký"),
    ]
    for (const name of names) {
      for (const type of ["Dealer", "Request"] as const) {
        const peer = stage.open(type, { routingId: name })
        peer.connect(address)
        await peer.send("hello")
        const [heard, ...body] = await takeFrames(router)
        assert.deepEqual(heard, name)
        await router.send([name, ...body.slice(0, -1), "answer"])
        assert.deepEqual(await take(peer), ["answer"])
        peer.close()
        await isLeft(router)
      }
    }
  })

  scenario(setting, "ROUTER that connects knows its peers by their names, too", async (stage) => {
    const router = stage.open("Router", { mandatory: true })
    const dealers = ["first", "second", "third"].map((routingId) => stage.open("Dealer", { routingId }))
    for (const dealer of dealers) router.connect(await stage.bind(dealer))
    for (const name of ["third", "first", "second"])
      await eventually(() => reaches(router, [name, `to ${name}`]), `${name} to be known`)
    for (const dealer of dealers) assert.deepEqual(await take(dealer), [`to ${dealer.routingId}`])
  })

  scenario(setting, "ROUTER reaches a peer that has not said anything", async (stage) => {
    const router = stage.open("Router", { mandatory: true })
    const dealer = stage.open("Dealer", { routingId: "silent" })
    dealer.connect(await stage.bind(router))
    await eventually(() => reaches(router, ["silent", "hello"]), "the silent DEALER to be known")
    assert.deepEqual(await take(dealer), ["hello"])
  })

  scenario(setting, "two ROUTERs talk to each other by name", async (stage) => {
    const [left, right] = [
      stage.open("Router", { routingId: "left", mandatory: true }),
      stage.open("Router", { routingId: "right", mandatory: true }),
    ]
    left.connect(await stage.bind(right))
    await eventually(() => reaches(left, ["right", "", "hello"]), "the right one to be known")
    assert.deepEqual(await take(right), ["left", "", "hello"])
    for (const shape of shapes) {
      await right.send(["left", ...shape])
      assert.deepEqual(await take(left), ["right", ...shape])
    }
  })

  scenario(setting, "empty frames and empty messages pass DEALER and ROUTER as they are", async (stage) => {
    const router = stage.open("Router")
    const dealer = stage.open("Dealer", { routingId: "dealer" })
    dealer.connect(await stage.bind(router))
    for (const shape of shapes) await dealer.send(shape)
    for (const shape of shapes) assert.deepEqual(await take(router), ["dealer", ...shape])
    for (const shape of shapes) await router.send(["dealer", ...shape])
    for (const shape of shapes) assert.deepEqual(await take(dealer), shape)
  })

  scenario(setting, "what names nobody, or says nothing, is dropped", async (stage) => {
    const router = stage.open("Router")
    const dealer = stage.open("Dealer", { routingId: "dealer" })
    dealer.connect(await stage.bind(router))
    await dealer.send("hello")
    assert.deepEqual(await take(router), ["dealer", "hello"])
    for (const idle of [["nobody", "x"], ["", "x"], ["dealer"], ["nobody"], "dealer", "", ["deale", "x"]])
      await within(router.send(idle), "a message to nobody to be dropped")
    await router.send(["dealer", "to you"])
    assert.deepEqual(await take(dealer), ["to you"])
    await takesNothing(dealer, "a DEALER that was told one thing")
  })

  scenario(
    setting,
    "each peer's messages of all sizes arrive in its order, and the echo too",
    async (stage) => {
      const router = stage.open("Router")
      const address = await stage.bind(router)
      const count = 150
      const talks = ["first", "second", "third"].map(async (routingId, at) => {
        const dealer = stage.open("Dealer", { routingId })
        dealer.connect(address)
        for (let number = 0; number < count; number += 1) await dealer.send(sized(number, at))
        for (let number = 0; number < count; number += 1) {
          const [heard, load] = await takeFrames(dealer)
          const [name, body] = sized(number, at)
          assert.equal(heard?.toString(), name)
          assert.ok(load?.equals(body), `the load of message ${number} came back changed`)
        }
      })
      for (let number = 0; number < 3 * count; number += 1) await router.send(await takeFrames(router))
      await within(Promise.all(talks), "all echoes")
    },
  )
}

function dealers(setting: Setting): void {
  scenario(setting, "DEALER gives three peers that it connected to their turns", async (stage) => {
    const dealer = stage.open("Dealer")
    const peers = [stage.open("Dealer"), stage.open("Dealer"), stage.open("Dealer")]
    for (const peer of peers) dealer.connect(await stage.bind(peer))
    for (const number of numbers(9)) await dealer.send(number)
    for (const [index, peer] of peers.entries()) {
      assert.deepEqual(await takeMany(peer, 3), [index, index + 3, index + 6].map(String))
      await takesNothing(peer, "a DEALER that had its three messages")
    }
  })

  scenario(setting, "DEALER gives three peers of three kinds their turns, and hears them", async (stage) => {
    const dealer = stage.open("Dealer", { routingId: "asker" })
    const reply = stage.open("Reply")
    const router = stage.open("Router")
    const peer = stage.open("Dealer")
    for (const socket of [reply, router, peer]) dealer.connect(await stage.bind(socket))
    for (const number of numbers(3)) await dealer.send(["", number])
    assert.deepEqual(await take(reply), ["0"])
    assert.deepEqual(await take(router), ["asker", "", "1"])
    assert.deepEqual(await take(peer), ["", "2"])
    await reply.send("from REP")
    assert.deepEqual(await take(dealer), ["", "from REP"])
    await router.send(["asker", "from ROUTER"])
    assert.deepEqual(await take(dealer), ["from ROUTER"])
    await peer.send("from DEALER")
    assert.deepEqual(await take(dealer), ["from DEALER"])
  })

  scenario(setting, "DEALER gives three peers that connected to it their turns", async (stage) => {
    const dealer = stage.open("Dealer")
    const address = await stage.bind(dealer)
    const peers = stage.three("Dealer")
    for (const peer of peers) peer.connect(address)
    await allHear(dealer, peers)
    for (const number of numbers(9)) await dealer.send(number)
    const all: string[] = []
    for (const peer of peers) {
      const taken = await takeMany(peer, 3)
      const first = Number(taken[0])
      assert.deepEqual(taken, [first, first + 3, first + 6].map(String))
      all.push(...taken)
    }
    assert.deepEqual(all.sort(), numbers(9))
  })

  scenario(setting, "DEALER hears three peers in turn", async (stage) => {
    const dealer = stage.open("Dealer")
    const address = await stage.bind(dealer)
    const sends = stage.three("Dealer").map((peer, index) => {
      peer.connect(address)
      return () => peer.send(`peer ${index}`)
    })
    await assertTurns(sends, async () => (await take(dealer)).join())
  })

  scenario(setting, "when the last peer of a DEALER goes, it waits for another", async (stage) => {
    const dealer = stage.open("Dealer")
    const address = await stage.bind(dealer)
    const leaving = stage.open("Router")
    leaving.connect(address)
    await allHear(dealer, [leaving])
    leaving.close()
    await eventually(async () => !(await offer(dealer, "lost")), "a DEALER without peers to refuse a message")
    const heir = stage.open("Router")
    const sent = dealer.send("kept")
    heir.connect(address)
    await within(sent, "send() to go on when a new peer came")
    assert.equal((await take(heir)).at(-1), "kept")
    await takesNothing(heir, "a ROUTER that came last")
  })
}

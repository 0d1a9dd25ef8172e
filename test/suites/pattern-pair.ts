// PAIR: one peer and no more, both ways, and what becomes of messages while it is away.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, offer, sized, take, takeFrames, takeMany, takesNothing } from "./talk.js"

const shapes = [["body"], [""], ["", ""], ["a", "", "b"], ["", "a", ""], numbers(50), ["a"]]

export function pairScenarios(setting: Setting): void {
  scenario(setting, "PAIRs send each other messages of many shapes", async (stage) => {
    const [one, other] = [stage.open("Pair"), stage.open("Pair")]
    one.connect(await stage.bind(other))
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      for (const shape of shapes) await within(from.send(shape), "a PAIR with a peer to send")
      for (const shape of shapes) assert.deepEqual(await take(to), shape)
    }
  })

  scenario(
    setting,
    "PAIRs send each other messages of all sizes at once, each in its order",
    async (stage) => {
      const [one, other] = [stage.open("Pair"), stage.open("Pair")]
      one.connect(await stage.bind(other))
      const count = 300
      const talks = [one, other].flatMap((pair, seed) => [
        (async () => {
          for (let number = 0; number < count; number += 1) await pair.send(sized(number, seed))
        })(),
        (async () => {
          for (let number = 0; number < count; number += 1) {
            const [name, load] = await takeFrames(pair)
            const [expected, body] = sized(number, 1 - seed)
            assert.equal(name?.toString(), expected)
            assert.ok(load?.equals(body), `the load of message ${number} arrived changed`)
          }
        })(),
      ])
      await within(Promise.all(talks), "all messages")
    },
  )

  scenario(setting, "PAIR that bound waits for its peer", async (stage) => {
    const one = stage.open("Pair")
    const address = await stage.bind(one)
    assert.equal(await offer(one, "refused"), false)
    const sent = one.send("patient")
    const other = stage.open("Pair")
    other.connect(address)
    await within(sent, "send() to go on when a peer came")
    assert.deepEqual(await take(other), ["patient"])
    await takesNothing(other, "a PAIR that was told one thing")
  })

  scenario(
    setting,
    "PAIR that connected early keeps its messages for the peer that binds late",
    async (stage) => {
      const one = stage.open("Pair")
      const address = await stage.vacant()
      one.connect(address)
      for (const shape of shapes) assert.ok(await offer(one, shape))
      const other = stage.open("Pair")
      await stage.bindTo(other, address)
      for (const shape of shapes) assert.deepEqual(await take(other), shape)
      await other.send("welcome")
      assert.deepEqual(await take(one), ["welcome"])
    },
  )

  scenario(setting, "a second peer of a PAIR gets nothing and takes nothing away", async (stage) => {
    const one = stage.open("Pair")
    const address = await stage.bind(one)
    const first = stage.open("Pair")
    first.connect(address)
    await first.send("first")
    assert.deepEqual(await take(one), ["first"])
    const second = stage.open("Pair")
    const came = stage.next(one, "handshake")
    second.connect(address)
    await within(came, "the second peer to come")
    await offer(second, "second")
    for (const number of numbers(3)) {
      await one.send(number)
      assert.deepEqual(await take(first), [number])
      await first.send(number)
      assert.deepEqual(await take(one), [number])
    }
    await takesNothing(second, "a second peer")
    await takesNothing(one, "a PAIR with a second peer")
  })

  scenario(setting, "a PAIR that connects twice has the first peer that it named", async (stage) => {
    const one = stage.open("Pair")
    const [first, second] = [stage.open("Pair"), stage.open("Pair")]
    one.connect(await stage.bind(first))
    one.connect(await stage.bind(second))
    for (const number of numbers(4)) await one.send(number)
    assert.deepEqual(await takeMany(first, 4), numbers(4))
    await first.send("from the first")
    assert.deepEqual(await take(one), ["from the first"])
    await takesNothing(second, "a second peer")
  })

  scenario(setting, "when its peer has gone, PAIR sends nothing until another comes", async (stage) => {
    const one = stage.open("Pair")
    const address = await stage.bind(one)
    const leaving = stage.open("Pair")
    leaving.connect(address)
    await leaving.send("hello")
    assert.deepEqual(await take(one), ["hello"])
    leaving.close()
    await eventually(async () => {
      // For libzmq a peer is there until it is seen that no more comes from it.
      await takesNothing(one, "a PAIR whose peer leaves")
      return !(await offer(one, "lost"))
    }, "a PAIR without a peer to refuse a message")
    // libzmq turns away who comes before it has quite let go of the former peer; the next is welcome.
    const heir = await eventually(async () => {
      const candidate = stage.open("Pair")
      candidate.connect(address)
      if (await offer(one, "kept", 500)) return candidate
      candidate.close()
      return undefined
    }, "send() to go on when another peer came")
    assert.deepEqual(await take(heir), ["kept"])
    await heir.send("thanks")
    assert.deepEqual(await take(one), ["thanks"])
    await takesNothing(heir, "a PAIR that was told one thing")
  })

  scenario(setting, "what a PAIR said before it left is heard", async (stage) => {
    const one = stage.open("Pair")
    const address = await stage.bind(one)
    const leaving = stage.open("Pair", { linger: 20_000 })
    leaving.connect(address)
    for (const number of numbers(100)) await leaving.send(number)
    leaving.close()
    assert.deepEqual(await takeMany(one, 100), numbers(100))
    await takesNothing(one, "a PAIR whose peer left")
  })

  if (setting.transport === "inproc") return
  scenario(setting, "PAIR keeps its messages for the peer that is away", async (stage) => {
    const one = stage.open("Pair")
    const leaving = stage.open("Pair")
    const address = await stage.bind(leaving)
    one.connect(address)
    await one.send("hello")
    assert.deepEqual(await take(leaving), ["hello"])
    const left = stage.next(one, "disconnect")
    leaving.close()
    await within(left, "the peer to leave")
    for (const number of numbers(5)) assert.ok(await offer(one, number))
    const heir = stage.open("Pair")
    await stage.bindTo(heir, address)
    assert.deepEqual(await takeMany(heir, 5), numbers(5))
    await heir.send("back")
    assert.deepEqual(await take(one), ["back"])
  })
}

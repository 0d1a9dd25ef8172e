// PUSH and PULL: whose turn it is, what moves whole, and what happens when a peer dies.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import {
  allHear,
  assertTurns,
  numbers,
  offer,
  take,
  takeFrames,
  takeMany,
  takeNow,
  takesNothing,
} from "./talk.js"

export function pushPullScenarios(setting: Setting): void {
  scenario(setting, "PUSH gives three peers that it connected to their turns", async (stage) => {
    const push = stage.open("Push")
    const pulls = stage.three("Pull")
    for (const pull of pulls) push.connect(await stage.bind(pull))
    for (const number of numbers(9)) await push.send(number)
    for (const [index, pull] of pulls.entries()) {
      assert.deepEqual(await takeMany(pull, 3), [index, index + 3, index + 6].map(String))
      await takesNothing(pull, "a PULL that had its three messages")
    }
  })

  scenario(setting, "PUSH gives three peers that connected to it their turns", async (stage) => {
    const push = stage.open("Push")
    const address = await stage.bind(push)
    const pulls = stage.three("Pull")
    for (const pull of pulls) pull.connect(address)
    await allHear(push, pulls)
    for (const number of numbers(9)) await push.send(number)
    const all: string[] = []
    for (const pull of pulls) {
      const taken = await takeMany(pull, 3)
      const first = Number(taken[0])
      assert.deepEqual(taken, [first, first + 3, first + 6].map(String))
      all.push(...taken)
    }
    assert.deepEqual(all.sort(), numbers(9))
  })

  scenario(setting, "PULL hears three peers in turn", async (stage) => {
    const pull = stage.open("Pull")
    const address = await stage.bind(pull)
    const sends = stage.three("Push").map((push, index) => {
      push.connect(address)
      return () => push.send(`peer ${index}`)
    })
    await assertTurns(sends, async () => (await take(pull)).join())
  })

  scenario(setting, "PUSH without a peer waits for one", async (stage) => {
    const push = stage.open("Push")
    const address = await stage.bind(push)
    assert.equal(await offer(push, "refused"), false)
    const sent = push.send("patient")
    const pull = stage.open("Pull")
    pull.connect(address)
    await within(sent, "send() to go on when a peer came")
    assert.deepEqual(await take(pull), ["patient"])
  })

  scenario(setting, "messages of 50 frames never mix", async (stage) => {
    const pull = stage.open("Pull")
    const address = await stage.bind(pull)
    const rounds = 20
    const sending = stage.three("Push").map(async (push, peer) => {
      push.connect(address)
      for (let round = 0; round < rounds; round += 1) {
        await push.send(
          Array.from(
            { length: 50 },
            (_, frame) => `${peer} ${round} ${frame} ${"x".repeat(frame * peer * 20)}`,
          ),
        )
      }
    })
    const next = [0, 0, 0]
    for (let count = 0; count < 3 * rounds; count += 1) {
      const message = await take(pull)
      const peer = Number(message[0]?.split(" ", 1)[0])
      const round = next[peer] ?? Number.NaN
      next[peer] = round + 1
      const expected = Array.from(
        { length: 50 },
        (_, frame) => `${peer} ${round} ${frame} ${"x".repeat(frame * peer * 20)}`,
      )
      assert.deepEqual(message, expected)
    }
    await within(Promise.all(sending), "all senders to be done")
  })

  scenario(setting, "empty frames and empty messages arrive as they are", async (stage) => {
    const push = stage.open("Push")
    const pull = stage.open("Pull")
    push.connect(await stage.bind(pull))
    const shapes = [[""], ["", ""], ["", "", ""], ["a", "", "b"], ["", "a", ""], ["a"]]
    for (const shape of shapes) await push.send(shape)
    for (const shape of shapes) assert.deepEqual(await take(pull), shape)
  })

  scenario(setting, "frames hold any bytes", async (stage) => {
    const push = stage.open("Push")
    const pull = stage.open("Pull")
    push.connect(await stage.bind(pull))
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    // Over ws libzmq masks what it sends in the memory of the caller.
    await push.send([Buffer.from(bytes), Buffer.concat([bytes, bytes])])
    const [first, second] = await takeFrames(pull)
    assert.ok(first?.equals(bytes))
    assert.ok(second?.equals(Buffer.concat([bytes, bytes])))
  })

  scenario(
    setting,
    "PULL hears peers on the addresses that it bound and those that it connected to",
    async (stage) => {
      const pull = stage.open("Pull")
      const [first, second, third] = stage.three("Push")
      first.connect(await stage.bind(pull))
      second.connect(await stage.bind(pull))
      pull.connect(await stage.bind(third))
      await first.send("first")
      await second.send("second")
      await within(third.send("third"), "the PUSH that bound to meet its peer")
      assert.deepEqual((await takeMany(pull, 3)).sort(), ["first", "second", "third"])
    },
  )

  scenario(setting, "when a PULL dies, the survivor gets everything that follows", async (stage) => {
    const push = stage.open("Push")
    const address = await stage.bind(push)
    const [dying, survivor] = [stage.open("Pull"), stage.open("Pull")]
    for (const pull of [dying, survivor]) pull.connect(address)
    await allHear(push, [dying, survivor])
    for (const number of numbers(10)) await push.send(number)
    dying.close()
    let sent = 10
    let last = -1
    let row = 0
    await eventually(async () => {
      if (await offer(push, String(sent))) sent += 1
      for (let message = await takeNow(survivor); message; message = await takeNow(survivor)) {
        const number = Number(message[0])
        assert.ok(number > last, `${number} came after ${last}`)
        row = number === last + 1 ? row + 1 : 0
        last = number
      }
      return row >= 10
    }, "the survivor to get every message")
  })

  scenario(setting, "when the last PULL dies, PUSH waits again", async (stage) => {
    const push = stage.open("Push")
    const address = await stage.bind(push)
    const dying = stage.open("Pull")
    dying.connect(address)
    await allHear(push, [dying])
    dying.close()
    await eventually(async () => !(await offer(push, "lost")), "a PUSH without peers to refuse a message")
    const heir = stage.open("Pull")
    heir.connect(address)
    await within(push.send("kept"), "send() to go on when a new peer came")
    assert.deepEqual(await take(heir), ["kept"])
  })

  scenario(setting, "what a PUSH sent before it died arrives, and its peers go on", async (stage) => {
    const pull = stage.open("Pull")
    const address = await stage.bind(pull)
    const dying = stage.open("Push", { linger: 20_000 })
    const survivor = stage.open("Push")
    for (const push of [dying, survivor]) push.connect(address)
    for (const number of numbers(100)) await dying.send(["dying", number])
    dying.close()
    for (const number of numbers(100)) await survivor.send(["survivor", number])
    const taken: Record<string, string[]> = { dying: [], survivor: [] }
    for (let count = 0; count < 200; count += 1) {
      const [who, number] = await take(pull, `message ${count + 1} of 200`)
      taken[who ?? ""]?.push(number ?? "")
    }
    assert.deepEqual(taken, { dying: numbers(100), survivor: numbers(100) })
  })
}

// CHANNEL: a PAIR of messages of one frame.
import assert from "node:assert/strict"
import { within } from "./deadline.js"
import { asSender, openDraft } from "./draft-library.js"
import { type Setting, scenario } from "./stage.js"
import { numbers, offer, takeMany, takesNothing } from "./talk.js"

export function channelScenarios(setting: Setting): void {
  scenario(setting, "CHANNELs send each other messages of one frame, and no others", async (stage) => {
    const [one, other] = [openDraft(stage, "Channel"), openDraft(stage, "Channel")]
    one.connect(await stage.bind(other))
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      for (const number of numbers(50)) await within(from.send(number), "a CHANNEL with a peer to send")
      await assert.rejects(async () => from.send(["a", "b"] as unknown as string), { code: "EINVAL" })
      await from.send(["one"] as unknown as string)
      assert.deepEqual(await takeMany(to, 51), [...numbers(50), "one"])
      await takesNothing(to, "a CHANNEL that has had all")
    }
  })

  scenario(setting, "CHANNEL that bound waits for its peer", async (stage) => {
    const one = openDraft(stage, "Channel")
    const address = await stage.bind(one)
    assert.equal(await offer(asSender(one), "refused"), false)
    const sent = one.send("patient")
    const other = openDraft(stage, "Channel")
    other.connect(address)
    await within(sent, "send() to go on when a peer came")
    assert.deepEqual(await takeMany(other, 1), ["patient"])
  })

  scenario(setting, "a second peer of a CHANNEL gets nothing and takes nothing away", async (stage) => {
    const one = openDraft(stage, "Channel")
    const address = await stage.bind(one)
    const first = openDraft(stage, "Channel")
    first.connect(address)
    await first.send("first")
    assert.deepEqual(await takeMany(one, 1), ["first"])
    const second = openDraft(stage, "Channel")
    const came = stage.next(one, "handshake")
    second.connect(address)
    await within(came, "the second peer to come")
    await offer(asSender(second), "second")
    for (const number of numbers(3)) {
      await one.send(number)
      assert.deepEqual(await takeMany(first, 1), [number])
    }
    await takesNothing(second, "a second peer")
    await takesNothing(one, "a CHANNEL with a second peer")
  })
}

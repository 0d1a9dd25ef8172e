// `immediate`: whether messages may be queued for a peer that is not connected yet.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import { allHear, numbers, offer, take, takeMany, takesNothing } from "./talk.js"

const kinds = [
  ["Push", "Pull"],
  ["Dealer", "Dealer"],
] as const

export function immediateScenarios(setting: Setting): void {
  for (const [from, to] of kinds) {
    scenario(setting, `${from} queues for a peer that is not there yet`, async (stage) => {
      const sender = stage.open(from, { reconnectInterval: 10 })
      const [here, late] = [stage.open(to), stage.open(to)]
      const address = await stage.vacant()
      sender.connect(await stage.bind(here))
      sender.connect(address)
      for (const number of numbers(10)) await sender.send(number)
      assert.deepEqual(await takeMany(here, 5), ["0", "2", "4", "6", "8"])
      await takesNothing(here, "a peer that had its share")
      await stage.bindTo(late, address)
      assert.deepEqual(await takeMany(late, 5), ["1", "3", "5", "7", "9"])
    })

    // Within a process a name that nobody bound counts as a peer, `immediate` or not.
    if (setting.transport === "inproc") {
      scenario(setting, `${from} with immediate queues for a name that is not bound yet`, async (stage) => {
        const sender = stage.open(from, { immediate: true })
        const address = await stage.vacant()
        sender.connect(address)
        assert.ok(await offer(sender, "early"), "the message should have been queued")
        const receiver = stage.open(to)
        await stage.bindTo(receiver, address)
        assert.deepEqual(await take(receiver), ["early"])
      })
      continue
    }

    scenario(setting, `${from} with immediate waits for a peer`, async (stage) => {
      const sender = stage.open(from, { immediate: true, reconnectInterval: 10 })
      const address = await stage.vacant()
      sender.connect(address)
      assert.equal(await offer(sender, "refused"), false)
      assert.equal(await offer(sender, "refused", 50), false)
      const sent = sender.send("patient")
      const receiver = stage.open(to)
      await stage.bindTo(receiver, address)
      await within(sent, "send() to go on when the peer was there")
      assert.deepEqual(await take(receiver), ["patient"])
    })

    scenario(setting, `${from} with immediate gives only live peers their turns`, async (stage) => {
      const sender = stage.open(from, { immediate: true, reconnectInterval: 10 })
      const [first, second, late] = stage.three(to)
      const address = await stage.vacant()
      sender.connect(await stage.bind(first))
      sender.connect(address)
      sender.connect(await stage.bind(second))
      await allHear(sender, [first, second])
      for (const number of numbers(10)) await sender.send(number)
      const taken = [await takeMany(first, 5), await takeMany(second, 5)]
      assert.deepEqual(taken.flat().sort(), numbers(10))
      for (const share of taken) {
        const start = Number(share[0])
        assert.deepEqual(
          share,
          numbers(5).map((number) => String(start + 2 * Number(number))),
        )
      }
      await stage.bindTo(late, address)
      await allHear(sender, [first, second, late])
    })

    scenario(setting, `${from} with immediate loses what it queued with the peer`, async (stage) => {
      const sender = stage.open(from, { immediate: true, reconnectInterval: 10, sendHighWaterMark: 5 })
      const mortal = stage.open(to, { receiveHighWaterMark: 5 })
      const address = await stage.bind(mortal)
      sender.connect(address)
      const mebibyte = Buffer.alloc(2 ** 20)
      await within(sender.send(mebibyte), "the first message to be taken")
      while (await offer(sender, mebibyte, 20));
      const gone = stage.event(sender, "disconnect")
      mortal.close()
      await gone
      await eventually(async () => !(await offer(sender, "lost")), `a ${from} without peers to refuse`)
      const heir = stage.open(to)
      await stage.bindTo(heir, address)
      await within(sender.send("new"), "send() to go on when the next peer was there")
      assert.deepEqual(await take(heir), ["new"])
    })
  }

  if (setting.transport === "inproc") return

  scenario(setting, "REQ with immediate asks only a live peer", async (stage) => {
    const request = stage.open("Request", { immediate: true, reconnectInterval: 10 })
    const reply = stage.open("Reply")
    request.connect(await stage.vacant())
    assert.equal(await offer(request, "refused"), false)
    request.connect(await stage.bind(reply))
    for (const number of numbers(4)) {
      await within(request.send(number), "the live peer to be asked")
      assert.deepEqual(await take(reply), [number])
      await reply.send(number)
      assert.deepEqual(await take(request), [number])
    }
  })
}

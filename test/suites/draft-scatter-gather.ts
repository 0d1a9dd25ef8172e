// SCATTER and GATHER: PUSH and PULL of messages of one frame.
import assert from "node:assert/strict"
import { within } from "./deadline.js"
import { asSender, openDraft } from "./draft-library.js"
import { type Setting, scenario } from "./stage.js"
import { assertTurns, numbers, offer, takeMany, takesNothing } from "./talk.js"

export function scatterGatherScenarios(setting: Setting): void {
  scenario(setting, "SCATTER gives each message to one GATHER, in turn", async (stage) => {
    const scatter = openDraft(stage, "Scatter")
    const gathers = [openDraft(stage, "Gather"), openDraft(stage, "Gather"), openDraft(stage, "Gather")]
    for (const gather of gathers) scatter.connect(await stage.bind(gather))
    for (const number of numbers(6)) await scatter.send(number)
    for (const [at, gather] of gathers.entries()) {
      assert.deepEqual(await takeMany(gather, 2), [String(at), String(at + 3)])
    }
  })

  scenario(setting, "GATHER hears each SCATTER in turn", async (stage) => {
    const gather = openDraft(stage, "Gather")
    const address = await stage.bind(gather)
    const scatters = [openDraft(stage, "Scatter"), openDraft(stage, "Scatter")]
    for (const scatter of scatters) scatter.connect(address)
    const sends = scatters.map((scatter, at) => () => scatter.send(String(at)))
    await assertTurns(sends, async () => (await takeMany(gather, 1))[0] as string)
  })

  scenario(
    setting,
    "SCATTER sends no messages of several frames, and an array of one is one",
    async (stage) => {
      const [scatter, gather] = [openDraft(stage, "Scatter"), openDraft(stage, "Gather")]
      scatter.connect(await stage.bind(gather))
      await assert.rejects(async () => scatter.send(["a", "b"] as unknown as string), { code: "EINVAL" })
      await scatter.send(["one"] as unknown as string)
      assert.deepEqual(await takeMany(gather, 1), ["one"])
      await takesNothing(gather, "a GATHER that was sent one thing")
    },
  )

  scenario(setting, "SCATTER waits for a GATHER", async (stage) => {
    const scatter = openDraft(stage, "Scatter")
    const address = await stage.bind(scatter)
    assert.equal(await offer(asSender(scatter), "refused"), false)
    const sent = scatter.send("patient")
    const gather = openDraft(stage, "Gather")
    gather.connect(address)
    await within(sent, "send() to go on when a GATHER came")
    assert.deepEqual(await takeMany(gather, 1), ["patient"])
  })
}

// RADIO and DISH: groups that are joined and left, before and after the connection is made.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type DraftSocket, openDraft } from "./draft-library.js"
import { type Setting, scenario } from "./stage.js"
import { numbers } from "./talk.js"

type Radio = DraftSocket<"Radio">
type Dish = DraftSocket<"Dish">

export function radioDishScenarios(setting: Setting): void {
  scenario(
    setting,
    "DISH hears its groups, whoever bound, and when it joins makes no difference",
    async (stage) => {
      for (const bound of ["Radio", "Dish"] as const) {
        const [radio, dish] = [openDraft(stage, "Radio"), openDraft(stage, "Dish")]
        dish.join("early")
        if (bound === "Radio") dish.connect(await stage.bind(radio))
        else radio.connect(await stage.bind(dish))
        dish.join("late")
        await tune(radio, dish, "early")
        await tune(radio, dish, "late")
        await radio.send("1", { group: "early" })
        await radio.send("2", { group: "other" })
        await radio.send("3", { group: "earl" })
        await radio.send("4", { group: "early2" })
        await radio.send("5", { group: "" })
        await radio.send("", { group: Buffer.from("late") })
        assert.deepEqual(await hearGroup(dish), ["1", "early"])
        assert.deepEqual(await hearGroup(dish), ["", "late"])
      }
    },
  )

  scenario(
    setting,
    "RADIO sends each message to all in its group, and DISH hears all its radios",
    async (stage) => {
      const radios = [openDraft(stage, "Radio"), openDraft(stage, "Radio")]
      const dishes = [openDraft(stage, "Dish"), openDraft(stage, "Dish")]
      for (const radio of radios) {
        const address = await stage.bind(radio)
        for (const dish of dishes) dish.connect(address)
      }
      for (const [at, dish] of dishes.entries()) {
        dish.join("both")
        dish.join(`only ${at}`)
      }
      for (const radio of radios) {
        for (const [at, dish] of dishes.entries()) {
          await tune(radio, dish, `only ${at}`)
        }
      }
      for (const [at, radio] of radios.entries()) await radio.send(String(at), { group: "both" })
      for (const dish of dishes) {
        const heard = [await hearGroup(dish), await hearGroup(dish)]
        assert.deepEqual(heard.map(([text]) => text).sort(), ["0", "1"])
      }
    },
  )

  scenario(setting, "DISH that left a group hears it no more", async (stage) => {
    const [radio, dish] = [openDraft(stage, "Radio"), openDraft(stage, "Dish")]
    dish.join("kept")
    dish.join("left")
    dish.connect(await stage.bind(radio))
    await tune(radio, dish, "left")
    dish.leave("left")
    await radio.send("lost", { group: "left" })
    await radio.send("heard", { group: "kept" })
    assert.deepEqual(await hearGroup(dish), ["heard", "kept"])
    dish.join("left")
    await tune(radio, dish, "left")
  })

  scenario(setting, "groups that are joined twice, too long or not joined are EINVAL", async (stage) => {
    const dish = openDraft(stage, "Dish")
    dish.join("a")
    assert.throws(() => dish.join("a"), { code: "EINVAL" })
    assert.throws(() => dish.leave("b"), { code: "EINVAL" })
    dish.join("g".repeat(255))
    assert.throws(() => dish.join("g".repeat(256)), { code: "EINVAL" })
    assert.throws(() => dish.leave("g".repeat(256)), { code: "EINVAL" })
    dish.leave("a")
    assert.throws(() => dish.leave("a"), { code: "EINVAL" })
    dish.join("a")
    dish.join("")
    dish.leave("")
    const radio = openDraft(stage, "Radio")
    const { send } = radio as unknown as { send(...args: unknown[]): Promise<void> }
    // libzmq cuts a group off that is too long, and sends to another.
    if (setting.library.name === "puremq") {
      await assert.rejects(async () => send.call(radio, "x", { group: "g".repeat(256) }), { code: "EINVAL" })
    }
    await assert.rejects(async () => send.call(radio, "x", {}), { code: "EINVAL" })
    await assert.rejects(async () => send.call(radio, "x"), TypeError)
    await assert.rejects(async () => send.call(radio), TypeError)
    await assert.rejects(async () => send.call(radio, ["x", "y"], { group: "a" }), { code: "EINVAL" })
  })

  scenario(setting, "a group of 255 bytes, of any bytes but zeros, is a group like others", async (stage) => {
    const [radio, dish] = [openDraft(stage, "Radio"), openDraft(stage, "Dish")]
    const group = Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1))
    dish.join(group)
    dish.connect(await stage.bind(radio))
    await tune(radio, dish, group)
    await radio.send(Buffer.alloc(100_000, 7), { group })
    const [body, note] = await within(dish.receive(), "a large message")
    assert.equal(body.length, 100_000)
    assert.deepEqual(note.group, group)
    assert.ok(Buffer.isBuffer(note.group))
  })

  scenario(setting, "RADIO that nobody listens to sends all the same", async (stage) => {
    const radio = openDraft(stage, "Radio")
    await radio.send("nobody", { group: "a" })
    await stage.bind(radio)
    for (const number of numbers(2000)) await radio.send(number, { group: "a" })
  })

  scenario(setting, "RADIO drops what a DISH has no room for", async (stage) => {
    const radio = openDraft(stage, "Radio", { sendHighWaterMark: 10 })
    const dish = openDraft(stage, "Dish", { receiveHighWaterMark: 10 })
    dish.join("a")
    dish.connect(await stage.bind(radio))
    await tune(radio, dish, "a")
    const load = Buffer.alloc(10_000)
    for (let count = 0; count < 5000; count += 1) await radio.send(load, { group: "a" })
    let heard = 0
    dish.receiveTimeout = 20
    await eventually(async () => {
      // It may be dropped too.
      await radio.send("end", { group: "a" })
      for (;;) {
        const message = await dish.receive().catch(() => undefined)
        if (message === undefined) return false
        if (message[0].toString() === "end") return true
        heard += 1
      }
    }, "the end")
    assert.ok(heard >= 10 && heard < 5000, `${heard} of 5000 were heard`)
  })

  if (setting.transport === "inproc") return
  scenario(setting, "DISH says its groups again to a RADIO that comes back", async (stage) => {
    const [radio, dish] = [openDraft(stage, "Radio"), openDraft(stage, "Dish", { reconnectInterval: 1 })]
    dish.join("a")
    dish.join("gone")
    const address = await stage.bind(radio)
    dish.connect(address)
    await tune(radio, dish, "a")
    const left = stage.next(dish, "disconnect")
    radio.close()
    await within(left, "the RADIO to leave")
    dish.leave("gone")
    dish.join("b")
    const heir = openDraft(stage, "Radio")
    await stage.bindTo(heir, address)
    await tune(heir, dish, "a")
    await tune(heir, dish, "b")
    await heir.send("lost", { group: "gone" })
    await heir.send("heard", { group: "a" })
    assert.deepEqual(await hearGroup(dish), ["heard", "a"])
  })
}

/** Sends probes to the group until the DISH has heard one; afterwards none is under way. */
export async function tune(radio: Radio, dish: Dish, group: string | Buffer): Promise<void> {
  const { receiveTimeout } = dish
  dish.receiveTimeout = 20
  await eventually(async () => {
    await radio.send("probe", { group })
    const heard = await dish.receive().catch(() => undefined)
    return heard?.[0].toString() === "probe"
  }, `the DISH to hear ${group}`)
  dish.receiveTimeout = receiveTimeout
  await radio.send("tuned", { group })
  while ((await hearGroup(dish))[0] !== "tuned");
}

/** The next message of a DISH and its group, as text. */
export async function hearGroup(dish: Dish): Promise<[string, string]> {
  const [body, { group }] = await within(dish.receive(), "a message to the DISH")
  return [body.toString(), group.toString()]
}

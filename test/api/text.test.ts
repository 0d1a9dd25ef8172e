// receiveString, receiveJson and sendJson.
import assert from "node:assert/strict"
import { puremq } from "../suites/library.js"
import { type Setting, type Stage, scenario } from "../suites/stage.js"
import { take } from "../suites/talk.js"

const setting: Setting = { library: puremq, transport: "inproc" }

async function pipe(stage: Stage) {
  const pull = stage.open("Pull")
  const push = stage.open("Push")
  push.connect(await stage.bind(pull))
  return { pull, push }
}

scenario(setting, "any text is received as it was sent", async (stage) => {
  const { pull, push } = await pipe(stage)
  for (const text of ["", "h\u00e9llo \u{1f389}", "\ufeffmarked", "line\r\n\0line", "x".repeat(100_000)]) {
    await push.send(text)
    assert.equal(await pull.receiveString(), text)
  }
})

scenario(setting, "bytes that are no text become U+FFFD", async (stage) => {
  const { pull, push } = await pipe(stage)
  await push.send(Buffer.from([65, 0xff, 66, 0xc3]))
  assert.equal(await pull.receiveString(), "A\ufffdB\ufffd")
})

scenario(setting, "a value survives JSON as JSON.stringify has it", async (stage) => {
  const { pull, push } = await pipe(stage)
  for (const value of [null, true, 0.1, "text", [], [1, ["\ufeff"]], { a: { b: [null] }, c: "\u2028" }]) {
    await push.sendJson(value)
    assert.deepEqual(await pull.receiveJson(), value)
  }
  await push.sendJson({ kept: 1, dropped: undefined, when: new Date(0) })
  assert.deepEqual(await pull.receiveJson<{ kept: number; when: string }>(), {
    kept: 1,
    when: "1970-01-01T00:00:00.000Z",
  })
})

scenario(setting, "JSON is sent as one frame of text", async (stage) => {
  const { pull, push } = await pipe(stage)
  await push.sendJson({ a: [1, "\u00e9"] })
  assert.equal(await pull.receiveString(), '{"a":[1,"\u00e9"]}')
})

scenario(setting, "a value without a JSON form throws, and nothing is sent", async (stage) => {
  const { pull, push } = await pipe(stage)
  const circle: unknown[] = []
  circle.push(circle)
  for (const value of [undefined, () => {}, Symbol("x"), 1n, circle]) {
    assert.throws(() => push.sendJson(value), { name: "TypeError" })
  }
  assert.equal(pull.tryReceive(), undefined)
})

scenario(setting, "a malformed message fails its own receive alone", async (stage) => {
  const { pull, push } = await pipe(stage)
  for (const message of ["{", "", "undefined", ["1", "2"], ["text", "more"]]) await push.send(message)
  await push.send("after")
  for (let count = 0; count < 3; count += 1) await assert.rejects(pull.receiveJson(), SyntaxError)
  // The message is used up either way: what cannot be read must not stand in the way of what can.
  const tooMany = { code: "EINVAL", message: "The message has 2 frames; receive() gives them all." }
  await assert.rejects(pull.receiveJson(), tooMany)
  await assert.rejects(pull.receiveString(), tooMany)
  assert.deepEqual(await take(pull), ["after"])
})

scenario(setting, "pending receives of each kind fail alone too", async (stage) => {
  const pull = stage.open("Pull")
  const push = stage.open("Push")
  const results = Promise.allSettled([pull.receiveJson(), pull.receiveString(), pull.receiveJson()])
  push.connect(await stage.bind(pull))
  for (const message of ["{", ["two", "frames"], "3"]) await push.send(message)
  assert.deepEqual(
    (await results).map((result) => (result.status === "fulfilled" ? result.value : result.reason.name)),
    ["SyntaxError", "ZmqError", 3],
  )
})

// All that may be sent as a message, with what zeromq.js makes of it.
import assert from "node:assert/strict"
import { describe } from "node:test"
import { playEverywhere } from "../suites/everywhere.js"
import { puremq } from "../suites/library.js"
import { type Setting, type Stage, scenario } from "../suites/stage.js"
import { take, takeFrames, takesNothing } from "../suites/talk.js"

/** Sends what the types forbid too, as JavaScript does. */
interface AnySender {
  send(...message: unknown[]): Promise<void>
}

async function pipe(stage: Stage) {
  const pull = stage.open("Pull")
  const push = stage.open("Push")
  push.connect(await stage.bind(pull))
  return { pull, push: push as unknown as AnySender }
}

const bytes = new Uint8Array([0, 65, 66, 67, 255, 0])
const shared = new SharedArrayBuffer(3)
new Uint8Array(shared).set([65, 66, 67])
const party = "\u{1f389}"

/** A name, a value, and its frames as latin1 text. */
const accepted: readonly (readonly [name: string, value: unknown, ...frames: string[]])[] = [
  ["a string", `h\u00e9 ${party}`, "h\u00c3\u00a9 \u00f0\u009f\u008e\u0089"],
  ["an empty string", "", ""],
  ["a byte order mark", "\ufeff", "\u00ef\u00bb\u00bf"],
  ["a lone surrogate", "\ud800", "\u00ef\u00bf\u00bd"],
  ["a Buffer", Buffer.from(bytes), "\0ABC\u00ff\0"],
  ["an empty Buffer", Buffer.alloc(0), ""],
  ["a Uint8Array", bytes, "\0ABC\u00ff\0"],
  ["a view on a part", bytes.subarray(1, 4), "ABC"],
  ["a Uint16Array", new Uint16Array(bytes.buffer, 2, 1), "BC"],
  ["a Float64Array", new Float64Array([1.5]), "\0\0\0\0\0\0\u00f8?"],
  ["a BigInt64Array", new BigInt64Array([-2n]), "\u00fe\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"],
  ["an ArrayBuffer", bytes.slice(1, 4).buffer, "ABC"],
  ["a view on shared memory", new Uint8Array(shared, 1), "BC"],
  ["a number", 42.5, "42.5"],
  ["not a number", Number.NaN, "NaN"],
  ["minus zero", -0, "0"],
  ["null", null, ""],
  [
    "an array of all kinds",
    ["a", Buffer.from("b"), bytes, 1, null, ""],
    "a",
    "b",
    "\0ABC\u00ff\0",
    "1",
    "",
    "",
  ],
  ["an array of one frame", ["a"], "a"],
  // The types forbid the rest, and what has a text becomes it.
  ["a bigint", 10n, "10"],
  ["a boolean", true, "true"],
  ["an object", {}, "[object Object]"],
  ["an object with a text of its own", { toString: () => "text" }, "text"],
  ["undefined in an array", ["a", undefined], "a", "undefined"],
  ["an array with a hole", new Array(1), "undefined"],
  ["arrays in an array", [["a"], [], [1, 2]], "a", "", "1,2"],
]

const noText = {
  toString() {
    throw new RangeError("no text")
  },
}

function messageScenarios(setting: Setting): void {
  scenario(setting, "everything that has a text or bytes can be sent", async (stage) => {
    const { pull, push } = await pipe(stage)
    for (const [name, value, ...expected] of accepted) {
      await push.send(value)
      const frames = await takeFrames(pull)
      assert.deepEqual(
        frames.map((frame) => frame.toString("latin1")),
        expected,
        name,
      )
      assert.ok(frames.every(Buffer.isBuffer), `a frame of ${name} is no Buffer`)
    }
  })

  scenario(setting, "what has neither is an error, and none of it is sent", async (stage) => {
    const { pull, push } = await pipe(stage)
    const missing = { name: "TypeError", message: "Message must be present" }
    await assert.rejects(async () => push.send(), missing)
    await assert.rejects(async () => push.send(undefined), missing)
    for (const value of [Symbol("x"), ["a", Symbol("x")]]) {
      await assert.rejects(async () => push.send(value), { name: "TypeError" })
    }
    for (const value of [noText, ["a", noText]]) {
      await assert.rejects(async () => push.send(value), { name: "RangeError", message: "no text" })
    }
    await push.send("afterwards")
    assert.deepEqual(await take(pull), ["afterwards"])
    await takesNothing(pull, "the puller")
  })

  scenario(setting, "what was handed over is the caller's still", async (stage) => {
    const { pull, push } = await pipe(stage)
    const frames = ["first", "second"]
    const small = Buffer.from("small")
    await push.send(frames)
    await push.send([small])
    frames[0] = "changed"
    frames.length = 1
    small.fill("x")
    assert.deepEqual(await take(pull), ["first", "second"])
    assert.deepEqual(await take(pull), ["small"])
  })
}

playEverywhere(messageScenarios)

describe("beyond zeromq.js", () => {
  for (const transport of ["inproc", "tcp"] as const) {
    const setting: Setting = { library: puremq, transport }

    scenario(setting, `shared memory and DataViews are bytes (${transport})`, async (stage) => {
      const { pull, push } = await pipe(stage)
      await push.send([shared, new DataView(bytes.buffer, 1, 2)])
      assert.deepEqual(await take(pull), ["ABC", "AB"])
    })

    scenario(setting, `an array without frames is an error (${transport})`, async (stage) => {
      const { pull, push } = await pipe(stage)
      assert.throws(() => push.send([]), { name: "TypeError", message: "Message must have a frame" })
      assert.equal(pull.tryReceive(), undefined)
    })

    scenario(setting, `trySend takes and refuses what send does (${transport})`, async (stage) => {
      const pull = stage.open("Pull")
      const push = stage.open("Push")
      push.connect(await stage.bind(pull))
      assert.equal(push.trySend(["a", 1, null]), true)
      assert.deepEqual(await take(pull), ["a", "1", ""])
      for (const message of [undefined, [], Symbol("x")]) {
        assert.throws(() => (push.trySend as (message: unknown) => boolean)(message), { name: "TypeError" })
      }
    })
  }
})

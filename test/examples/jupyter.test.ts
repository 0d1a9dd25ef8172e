// The Jupyter client of the examples with a real ipykernel: five sockets of four types to one live libzmq program.
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import { Kernel, type Output } from "../../examples/jupyter/kernel.js"
import { fromFrames, makeMessage, toFrames } from "../../examples/jupyter/protocol.js"
import { findKernel, unlessMissing } from "../interop/peer.js"
import { Program } from "../interop/process.js"
import { eventually, within } from "../suites/deadline.js"
import { example } from "./programs.js"

const found = findKernel()
const options = unlessMissing(typeof found === "string" ? found : undefined)
const python = typeof found === "string" ? "" : found.command

test("a message whose signature is none of its key is refused", () => {
  const message = makeMessage("session", "input_reply", { value: "x" })
  const frames = toFrames(message, "key").map((part) => Buffer.from(part))
  assert.deepEqual(fromFrames([Buffer.from("envelope"), ...frames], "key"), message)
  assert.throws(() => fromFrames(frames, "other key"), /not signed/)
  assert.throws(() => fromFrames(frames.slice(1), "key"), /not signed/)
  frames[5] = Buffer.from('{"value":"y"}')
  assert.throws(() => fromFrames(frames, "key"), /not signed/)
})

describe("a kernel", options, () => {
  let kernel: Kernel
  const asked: string[] = []
  before(async () => {
    const answer = (prompt: string): string => {
      asked.push(prompt)
      return "Ada"
    }
    kernel = await Kernel.start(python, answer, AbortSignal.timeout(60_000))
  })
  after(() => kernel?.[Symbol.asyncDispose]())

  const run = async (code: string, each: (output: Output) => void = () => {}): Promise<Output[]> => {
    const outputs: Output[] = []
    for await (const output of kernel.run(code)) {
      outputs.push(output)
      each(output)
    }
    return outputs
  }
  const textOf = (outputs: readonly Output[], stream: string): string =>
    outputs.map((output) => (output.type === "text" && output.stream === stream ? output.text : "")).join("")

  test("prints", async () => {
    assert.equal(textOf(await within(run('print("hello")'), "hello"), "stdout"), "hello\n")
    const outputs = await within(run('import sys; print("oh", file=sys.stderr); 6 * 7'), "the result")
    assert.equal(textOf(outputs, "stderr"), "oh\n")
    assert.deepEqual(outputs.at(-1), { type: "result", text: "42" })
  })

  test("tells of errors and lives on", async () => {
    const [error] = await within(run("1 / 0"), "an error")
    assert.deepEqual(error, { type: "error", name: "ZeroDivisionError", value: "division by zero" })
    assert.equal(textOf(await within(run("print(1)"), "the next line"), "stdout"), "1\n")
  })

  test("asks for input", async () => {
    asked.length = 0
    const outputs = await within(run('name = input("Who? ")\nprint(f"Hello {name}")'), "the answer")
    assert.deepEqual(asked, ["Who? "])
    assert.equal(textOf(outputs, "stdout"), "Hello Ada\n")
  })

  test("is heard while it works, its heart beats, and an interrupt ends the work", async () => {
    let beats: Promise<boolean> | undefined
    const code = 'import time\nprint("begun", flush=True)\nwhile True: time.sleep(0.01)'
    const outputs = await within(
      run(code, (output) => {
        if (output.type !== "text") return
        beats = kernel.isAlive(20_000)
        void beats.then(() => kernel.interrupt())
      }),
      "the interrupt",
    )
    assert.equal(await beats, true)
    assert.deepEqual(outputs.at(-1), { type: "error", name: "KeyboardInterrupt", value: "" })
    assert.equal(textOf(await within(run("print(2)"), "the next line"), "stdout"), "2\n")
  })

  test("moves large output whole", async () => {
    const outputs = await within(run('print("x" * 3_000_000)'), "three million letters")
    assert.equal(textOf(outputs, "stdout").length, 3_000_001)
  })
})

test("a Python that is not there is told of", async () => {
  await using client = example("jupyter/run", "/nowhere/python3")
  assert.notEqual(await client.exit(), 0)
  assert.match(client.complaints, /ENOENT/)
})

test("the client shows output, passes Ctrl-C on and ends its kernel", options, async () => {
  await using client = example(
    "jupyter/run",
    python,
    'print("hello")',
    'import time\nprint("begun", flush=True)\ntime.sleep(600)',
    "import os; print(os.getpid())",
  )
  await client.line(/^hello$/)
  await client.line(/^begun$/)
  client.interrupt()
  await client.complaint(/^KeyboardInterrupt/m)
  const [, pid] = await client.line(/^(\d+)$/)
  await client.success()
  assert.throws(() => process.kill(Number(pid), 0), { code: "ESRCH" })
})

test(
  "the client asks its user what the code asks, and the kernel ends when the client is killed",
  options,
  async () => {
    const script = new URL("../../examples/jupyter/run.js", import.meta.url).pathname
    const lines: string[] = []
    await using client = new Program(
      process.execPath,
      [
        script,
        python,
        'import os; print("kernel", os.getpid())',
        'print("Hello", input("Who?\\n"))',
        "input()",
      ],
      { onLine: (line) => lines.push(line) },
    )
    await eventually(async () => lines.includes("Who?"), "the question")
    client.tell("Grace")
    await eventually(async () => lines.some((line) => line.endsWith("Hello Grace")), "the answer")
    const pid = Number(/kernel (\d+)/.exec(lines.join("\n"))?.[1])
    process.kill(pid, 0)
    await client.kill()
    await eventually(async () => {
      try {
        process.kill(pid, 0)
        return false
      } catch {
        return true
      }
    }, "the end of the kernel")
  },
)

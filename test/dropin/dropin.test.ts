// Programs and packages that others wrote for zeromq.js, as they are, with this library installed in its place.
import assert from "node:assert/strict"
import { join } from "node:path"
import { after, describe, test } from "node:test"
import { Program } from "../interop/process.js"
import { vacantPort } from "../suites/vacant-port.js"
import { compileExamples, firstProgram, type Installation, install } from "./installation.js"

const installation = await install()
const missing = typeof installation === "string"
const options = { skip: missing && installation, concurrency: true }
const { today, old, remove } = (missing ? {} : installation) as Installation

after(() => {
  if (!missing) remove()
})

/** What a program says, until it ends well and without a complaint. */
async function linesOf(...args: readonly string[]): Promise<string[]> {
  await using program = new Program(process.execPath, args)
  await program.success()
  assert.equal(program.complaints, "")
  return [...program.lines]
}

describe("the first program of the README, in a folder where the tarball is installed", options, () => {
  for (const [language, compiles] of [
    ["JavaScript", false],
    ["TypeScript", true],
  ] as const) {
    test(`runs as ${language}`, async () => {
      assert.deepEqual(await linesOf(await firstProgram(old, compiles)), ["World from Hello"])
    })
  }
})

describe("packages written for zeromq.js 6", options, () => {
  test("@dashevo/dashd-zmq hears of a block", async () => {
    assert.deepEqual(await linesOf(join(today, "dashd.cjs")), ["connected true", "block c0ffee"])
  })

  test("enchannel-zmq-backend talks with a Jupyter kernel", async () => {
    assert.deepEqual(await linesOf(join(today, "enchannel.cjs")), [
      "shell: kernel_info_request",
      "shell: kernel_info_reply hello",
    ])
  })
})

describe("packages written for zeromq.js 4 and 5", options, () => {
  test("jmp, whose sockets inherit from those of zeromq.js, asks and answers", async () => {
    assert.deepEqual(await linesOf(join(old, "jmp.cjs")), [
      "request execute_request",
      "reply execute_reply ok to execute_request",
    ])
  })

  test("zerorpc calls, streams and fails", async () => {
    const address = `tcp://127.0.0.1:${await vacantPort()}`
    assert.deepEqual(await linesOf(join(old, "zerorpc.cjs"), address), [
      "sum 5",
      "count 1",
      "count 2",
      "count 3",
      "error of the server",
    ])
  })
})

describe("the examples of zeromq.js, compiled against our types", options, async () => {
  if (missing) return
  const compiled = await compileExamples(today)

  /** What an example says, up to the line that matches: some go on for ever. */
  async function linesUntil(name: string, last: RegExp): Promise<string[]> {
    await using program = new Program(process.execPath, [join(compiled, name, "index.js")])
    await program.line(last)
    assert.equal(program.complaints, "")
    return [...program.lines]
  }

  test("queue", async () => {
    const lines = await linesUntil("queue", /^received: <empty message>$/)
    assert.deepEqual(lines.slice(-3), ["received: hello", "received: world!", "received: <empty message>"])
  })

  test("req-rep", async () => {
    await linesUntil("req-rep", /^Received result: 8$/)
  })

  test("push-pull", async () => {
    await linesUntil("push-pull", /^work: some work$/)
  })

  test("pub-sub", async () => {
    await linesUntil(
      "pub-sub",
      /^received a message related to: <Buffer 6b 69 74 74 79 .*> containing message:/,
    )
  })

  test("majordomo", async () => {
    const lines = await linesUntil("majordomo", /^-+ Stopping -+$/)
    assert.deepEqual(lines.filter((line) => line.startsWith("received")).sort(), [
      "received 'cappuccino' from 'coffee'",
      "received 'cola' from 'soda'",
      "received 'earl grey, with milk' from 'tea'",
      "received 'espresso' from 'coffee'",
      "received 'irish coffee' from 'coffee'",
      "received 'jasmine' from 'tea'",
      "received 'latte, with soy milk' from 'coffee'",
      "received 'oolong' from 'tea'",
      "received 'sencha' from 'tea'",
    ])
  })
})

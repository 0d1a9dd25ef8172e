// How much goes, and how fast: counts, paces, files, marks.
import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import * as zmq from "puremq"
import { Pace } from "#src/cli/pace.js"
import { eventually, within } from "../suites/deadline.js"
import { ANY, cli, runCli } from "./command-line.js"

async function boundPull(options: ConstructorParameters<typeof zmq.Pull>[0] = {}): Promise<zmq.Pull> {
  const pull = new zmq.Pull(options)
  await pull.bind(ANY)
  return pull
}

async function take(pull: zmq.Pull, count: number): Promise<string[]> {
  const texts: string[] = []
  while (texts.length < count) texts.push((await within(pull.receive(), "a message")).join("|"))
  return texts
}

test("--count ends a sender whose input goes on", async () => {
  using pull = await boundPull()
  await using push = cli(`push ${pull.lastEndpoint} -n 2`)
  push.write("1\n2\n3\n")
  await push.success()
  assert.deepEqual(await take(pull, 2), ["1", "2"])
  assert.equal(pull.tryReceive(), undefined)
})

test("--count ends a receiver", async () => {
  using push = new zmq.Push()
  await push.bind(ANY)
  await using first = cli(`pull ${push.lastEndpoint} -n 2`)
  for (const text of ["1", "2"]) await push.send(text)
  assert.equal(await first.success(), "1\n2\n")
})

test("messages of the command line come in their order, then files, again and again with --repeat", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "puremq-cli-"))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, "a file")
  writeFileSync(file, "two\nlines\n")
  using pull = await boundPull()
  const { code } = await runCli(`push ${pull.lastEndpoint} -n 5 --repeat -m 1 -m`, "2 words", "--file", file)
  assert.equal(code, 0)
  assert.deepEqual(await take(pull, 5), ["1", "2 words", "two\nlines\n", "1", "2 words"])
})

test("--file - is all of standard input as one message", async () => {
  using pull = await boundPull()
  await cli(`push ${pull.lastEndpoint} --file -`).end("two\nlines\n").success()
  assert.deepEqual(await take(pull, 1), ["two\nlines\n"])
})

test("a file that is not there ends with code 1", async () => {
  const { code, complaints } = await runCli(`push -b ${ANY} --file /nowhere/at/all`)
  assert.match(complaints, /^puremq: Cannot read \/nowhere\/at\/all: ENOENT/)
  assert.equal(code, 1)
})

test("no input is no message", async () => {
  using pull = await boundPull()
  await cli(`push ${pull.lastEndpoint}`).end().success()
  assert.equal(pull.tryReceive(), undefined)
})

test("--rate and --interval hold messages back", async () => {
  for (const pace of ["--rate 0.001", "--interval 10m"]) {
    using pull = await boundPull()
    await using push = cli(`push ${pull.lastEndpoint} ${pace} -m first -m second`)
    assert.deepEqual(await take(pull, 1), ["first"])
    push.signal("SIGTERM")
    assert.equal((await push.ended()).code, 143)
    assert.equal(pull.tryReceive(), undefined, pace)
  }
})

test("a pace keeps its interval, and who is behind does not catch up for more than a second", async () => {
  const { signal } = new AbortController()
  const pace = new Pace(20)
  const begun = performance.now()
  for (let message = 0; message < 6; message++) await pace.wait(signal)
  assert.ok(performance.now() - begun > 5 * 20 - 5)
  // 1500 ms late: of 75 messages missed none is sent at once.
  await delay(1500)
  const late = performance.now()
  await pace.wait(signal)
  for (let message = 0; message < 5; message++) await pace.wait(signal)
  assert.ok(performance.now() - late > 5 * 20 - 5)
})

test("-o sets options of the library, and --hwm both marks", async () => {
  await using router = cli(`router -b ${ANY} -v --json -n 1`)
  await using dealer = cli(
    `dealer ${await router.endpoint()} --no-receive -m x --hwm 5 -o reconnectInterval=10 -o`,
    "routingId=from an option",
  )
  assert.equal(await router.success(), '["from an option","x"]\n')
  await dealer.success()
})

const LINE = "x".repeat(65_535)
const LINES = 1000

test("standard input is not read on while the receiver is at its mark, and nothing is lost", async () => {
  using pull = await boundPull({ receiveHighWaterMark: 10 })
  await using push = cli(`push ${pull.lastEndpoint} --hwm 10`)
  for (let line = 0; line < LINES; line++) push.write(`${LINE.slice(String(line).length)}${line}\n`)
  push.end()
  const { stdin } = push
  // It is stuck when no more has gone for a while.
  await eventually(async () => {
    const before = stdin.writableLength
    await delay(500)
    return pull.stats().messagesIn > 0 && stdin.writableLength === before && before > 0
  }, "the sender to stand still")
  const read = LINES * (LINE.length + 1) - stdin.writableLength
  assert.ok(read < 16_000_000, `${read} bytes were read`)
  for (let line = 0; line < LINES; line++) {
    const text = await within(pull.receiveString(), "a message")
    assert.equal(text.length, LINE.length)
    assert.ok(text.endsWith(`x${line}`), `${line}`)
  }
  await push.success()
})

test("who does not read standard output holds up who sends", async () => {
  using push = new zmq.Push({ sendHighWaterMark: 10, linger: 0 })
  await push.bind(ANY)
  await using pull = cli(`pull ${push.lastEndpoint} --hwm 10`)
  const { stdout } = pull
  stdout.pause()
  let sent = 0
  const sending = (async () => {
    for (; sent < LINES; sent++) await push.send(LINE)
  })()
  await eventually(async () => {
    const before = sent
    await delay(500)
    return sent === before && sent > 0
  }, "the sender to stand still")
  assert.ok(sent < 500, `${sent} messages were sent`)
  stdout.resume()
  await within(sending, "all to be sent")
  await eventually(() => delay(5, pull.output.length === LINES * (LINE.length + 1)), "all to be written")
})

test("a million lines go through in order", async () => {
  const count = 1_000_000
  await using pull = cli(`pull -b ${ANY} -v -n ${count}`)
  await using push = cli(`push ${await pull.endpoint()}`)
  const lines = Array.from({ length: count }, (_, line) => `${line}\n`).join("")
  push.end(lines)
  assert.ok((await pull.success()) === lines)
  await push.success()
})

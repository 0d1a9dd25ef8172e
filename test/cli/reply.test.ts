// How rep finds its answers.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import { ANY, type CommandLine, cli } from "./command-line.js"

async function asker(rep: CommandLine): Promise<zmq.Request> {
  const request = new zmq.Request({ linger: 0 })
  request.connect(await rep.endpoint())
  return request
}

async function ask(request: zmq.Request, ...frames: (string | Buffer)[]): Promise<string[]> {
  await request.send(frames)
  return (await within(request.receive(), "a reply")).map((frame) => frame.toString("latin1"))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test("rep writes requests, and answers with lines of its input until they end", async () => {
  await using rep = cli(`rep -b ${ANY} -v`)
  using request = await asker(rep)
  rep.write("first\n")
  assert.deepEqual(await ask(request, "one"), ["first"])
  const second = ask(request, "two")
  await rep.said(/one\ntwo\n/)
  rep.end("second\n")
  assert.deepEqual(await second, ["second"])
  await request.send("nobody answers")
  assert.equal(await rep.success(), "one\ntwo\nnobody answers\n")
})

test("rep answers with the messages of its command line in turn", async () => {
  await using rep = cli(`rep -b ${ANY} -v -n 3 -m yes -m no`)
  using request = await asker(rep)
  for (const expected of ["yes", "no", "yes"]) assert.deepEqual(await ask(request, "?"), [expected])
  await rep.success()
})

test("rep echoes frames as they are", async () => {
  await using rep = cli(`rep -b ${ANY} -v --echo`)
  using request = await asker(rep)
  assert.deepEqual(await ask(request, "a", "", Buffer.from([0, 255])), ["a", "", "\0\xff"])
})

describe("a command of the shell answers", () => {
  test("what it writes, without the last newline", async () => {
    await using rep = cli(`rep -b ${ANY} -v --exec`, "sha1sum | cut -c 1-40; echo")
    using request = await asker(rep)
    // Of the four bytes alone: no newline is added to a request.
    assert.deepEqual(await ask(request, "test"), ["a94a8fe5ccb19ba61c4c0873d391e987982fbbd3\n"])
  })

  test("in a format both ways", async () => {
    await using rep = cli(`rep -b ${ANY} -v --json --exec`, `sed 's/"a"/"b"/'`)
    using request = await asker(rep)
    assert.deepEqual(await ask(request, "a", "c"), ["b", "c"])
  })

  test("raw, byte by byte", async () => {
    await using rep = cli(`rep -b ${ANY} -v --raw --exec cat`)
    using request = await asker(rep)
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    assert.deepEqual(await ask(request, all, ""), [all.toString("latin1"), ""])
  })

  test("one that fails, reads nothing or writes what is no answer, is told of and answered all the same", async () => {
    await using rep = cli(
      `rep -b ${ANY} -v --output-format text --input-format json --exec`,
      'read line; eval "$line"',
    )
    using request = await asker(rep)
    assert.deepEqual(await ask(request, "echo '\"fine\"'"), ["fine"])
    assert.deepEqual(await ask(request, "echo '\"almost\"'; exit 3"), ["almost"])
    await rep.complained(/The command failed: it ended with 3/)
    assert.deepEqual(await ask(request, "echo nonsense"), [""])
    await rep.complained(/The command's answer is wrong: Line 1 of the input is not JSON/)
    assert.deepEqual(await ask(request, `true ${"x".repeat(200_000)}`), [""])
    await rep.complained(/The command's answer is wrong: There is no message/)
    assert.deepEqual(await ask(request, "echo '\"still there\"'"), ["still there"])
  })

  test("one that takes too long is ended", async () => {
    await using rep = cli(`rep -b ${ANY} -v --exec-timeout 500ms --exec`, "echo begun; sleep 60 | cat")
    using request = await asker(rep)
    assert.deepEqual(await ask(request, ""), ["begun"])
    await rep.complained(/The command failed: it was ended by SIGTERM/)
  })

  test("one that runs when a signal comes ends with rep", async () => {
    await using rep = cli(`rep -b ${ANY} -v --exec`, "echo $$ >&2; sleep 60 | cat")
    using request = await asker(rep)
    await request.send("")
    const [, pid] = await rep.complained(/^(\d+)$/m)
    rep.signal("SIGTERM")
    assert.equal((await rep.ended()).code, 143)
    // Its group is empty soon: what was started in it has ended too.
    await eventually(async () => !isAlive(-Number(pid)), "the command to end")
  })
})

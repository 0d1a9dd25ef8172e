// How commands end, and with which codes.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { describe, test } from "node:test"
import { setTimeout as delay } from "node:timers/promises"
import * as zmq from "puremq"
import { eventually } from "../suites/deadline.js"
import { vacantPort } from "../suites/vacant-port.js"
import { ANY, CommandLine, cli, runCli, script } from "./command-line.js"

describe("a wrong command line ends with code 2 and a reason", () => {
  for (const [line, complaint] of [
    ["", /Usage: puremq/],
    ["nonsense", /unknown command 'nonsense'/],
    ["sbu tcp://127.0.0.1:1", /Did you mean sub\?/],
    ["sub", /missing required argument 'endpoints'/],
    ["sub --nonsense tcp://127.0.0.1:1", /unknown option '--nonsense'/],
    ["sub nowhere", /Cannot connect to nowhere: .*\(EINVAL\)/],
    ["sub pgm://127.0.0.1:1", /\(EPROTONOSUPPORT\)/],
    ["pull tcp://*:5555", /\(EINVAL\); --bind listens there/],
    ["pull tcp://127.0.0.1:1 --timeout soon", /It is a time such as 500ms/],
    ["pull tcp://127.0.0.1:1 --timeout 999h", /That is too long/],
    ["pull tcp://127.0.0.1:1 -n 0", /It is a whole number from 1 on/],
    ["pull tcp://127.0.0.1:1 -f yaml", /Allowed choices are text, hex, base64, json, raw/],
    ["pull tcp://127.0.0.1:1 -o nonsense=1", /A Pull has no option nonsense/],
    ["pull tcp://127.0.0.1:1 -o closed=true", /A Pull has no option closed/],
    ["pull tcp://127.0.0.1:1 -o linger=long", /The option linger cannot be "long"/],
    ["pull tcp://127.0.0.1:1 -o linger", /It is name=value/],
    ["push tcp://127.0.0.1:1 --rate 0", /It is a number above 0/],
    ["push tcp://127.0.0.1:1 --rate 1 --interval 1s", /cannot be used with option/],
    ["rep tcp://127.0.0.1:1 --echo --exec cat", /cannot be used with option/],
    ["push tcp://127.0.0.1:1 -F \\q", /It has an escape that means nothing: \\q/],
    ["proxy fan tcp://127.0.0.1:1 tcp://127.0.0.1:2", /Allowed choices are queue, forwarder, streamer/],
    ["monitor tcp://127.0.0.1:1 --type nonsense", /Allowed choices are pub, sub/],
    ["ping nowhere", /Cannot connect to nowhere/],
    ["bench --transport udp", /It is one of tcp, ipc, inproc/],
  ] as const) {
    test(line || "(nothing)", async () => {
      const { code, output, complaints } = await runCli(line)
      assert.match(complaints, complaint)
      assert.equal(code, 2)
      assert.equal(output.toString(), "")
    })
  }
})

test("help and version go to standard output, with code 0", async () => {
  assert.match(await cli("--help").success(), /^Usage: puremq \[options\] \[command\]\n/)
  assert.match(await cli("help sub").success(), /^Usage: puremq sub \[options\] <endpoints\.\.\.>\n/)
  assert.match(await cli("--version").success(), /^\d+\.\d+\.\d+\n$/)
})

test("an address in use ends with code 1", async () => {
  await using first = cli(`pull -b ${ANY} -v`)
  const { code, complaints } = await runCli(`pull -b ${await first.endpoint()}`)
  assert.match(complaints, /^puremq: Cannot bind tcp:\S+: Address already in use \(EADDRINUSE\)\n$/)
  assert.equal(code, 1)
})

test("--quiet says nothing of what went wrong", async () => {
  await using first = cli(`pull -b ${ANY} -v`)
  const { code, complaints } = await runCli(`pull -q -b ${await first.endpoint()}`)
  assert.deepEqual([code, complaints], [1, ""])
})

describe("what does not come in time ends with code 124", () => {
  for (const [what, line] of [
    ["a message", `pull -b ${ANY} --timeout 50ms`],
    ["a publication", `sub -b ${ANY} --timeout 50ms`],
    ["a request", `rep -b ${ANY} --echo --timeout 50ms`],
    ["a reply", "req VACANT -m hello --timeout 50ms"],
    ["somebody to send to", "push VACANT -m hello --timeout 50ms"],
    ["somebody to send to after the last message", "dealer VACANT -m hello --no-receive --timeout 50ms"],
    ["a peer", `push -b ${ANY} -m hello --wait 1 --timeout 50ms`],
    ["a subscriber", `pub -b ${ANY} -m hello --wait 1 --timeout 50ms`],
    ["an event", `monitor -b ${ANY} --type pull -n 2 --timeout 50ms`],
    ["a message of a dealer when its input has ended", `dealer -b ${ANY} --timeout 50ms`],
  ] as const) {
    test(what, async () => {
      const vacant = `tcp://127.0.0.1:${await vacantPort()}`
      const { code, complaints } = await runCli(line.replace("VACANT", vacant))
      assert.match(complaints, /^puremq: Timed out: /)
      assert.equal(code, 124)
    })
  }
})

test("--linger bounds how long messages are tried to be sent, and then all is well", async () => {
  const { code } = await runCli(`push tcp://127.0.0.1:${await vacantPort()} -m lost --linger 50ms`)
  assert.equal(code, 0)
})

test("--timeout does not count as long as a dealer's input is open", async () => {
  await using dealer = cli(`dealer -b ${ANY} -v --timeout 100ms`)
  const peer = new zmq.Dealer({ linger: 0 })
  peer.connect(await dealer.endpoint())
  for (let round = 0; round < 4; round++) {
    await delay(75)
    dealer.write("still here\n")
    assert.equal(await peer.receiveString(), "still here")
  }
  dealer.end()
  assert.equal((await dealer.ended()).code, 124)
  peer.close()
})

describe("a signal ends a command with its code", () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    for (const line of [`pull -b ${ANY}`, `push -b ${ANY}`, `rep -b ${ANY} --echo`, `pair -b ${ANY}`]) {
      test(`${signal}: ${line}`, async () => {
        await using command = cli(`${line} -v`)
        await command.endpoint()
        command.signal(signal)
        const ended = await command.ended()
        assert.equal(ended.code, code)
        assert.doesNotMatch(ended.complaints, /puremq:/)
      })
    }
  }
})

test("what was accepted before a signal is still sent, as --linger says", async () => {
  using pull = new zmq.Pull({ receiveHighWaterMark: 1 })
  await pull.bind(ANY)
  await using push = cli(`push ${pull.lastEndpoint} --linger 20s -v -m`, "x".repeat(65_536), "--repeat")
  await push.complained(/handshake/)
  // The kernel's buffers are full, and so is the sender, when nothing has come for some looks in a row.
  let before = 0
  let still = 0
  await eventually(async () => {
    await delay(100)
    const { bytesIn } = pull.stats()
    still = bytesIn > 0 && bytesIn === before ? still + 1 : 0
    before = bytesIn
    return still === 5
  }, "the sender to stand still")
  push.signal("SIGTERM")
  let ended = false
  void push.ended().then(() => {
    ended = true
  })
  let taken = 0
  while (!ended) {
    if (pull.tryReceive() === undefined) await delay(1)
    else taken++
  }
  assert.equal((await push.ended()).code, 143)
  assert.ok(taken > 100, `${taken}`)
})

test("a reader that has enough ends the command with code 0 and no complaint", async () => {
  await using push = cli(`push -b ${ANY} -v -m line --repeat`)
  const endpoint = await push.endpoint()
  await using pull = cli(`pull ${endpoint}`)
  await pull.said(/line\nline\n/)
  pull.hangUp()
  const { code, complaints } = await pull.ended()
  assert.deepEqual([code, complaints], [0, ""])
})

test("`| head -1` ends the command, as the shell sees it", async () => {
  await using push = cli(`push -b ${ANY} -v -m line --repeat`)
  const endpoint = await push.endpoint()
  const line = `set -o pipefail; "${process.execPath}" "${script}" pull ${endpoint} | head -1; echo "code $?"`
  const { stdout, stderr } = spawnSync("bash", ["-c", line], { encoding: "utf8", timeout: 20_000 })
  assert.deepEqual([stdout, stderr], ["line\ncode 0\n", ""])
})

for (const line of ["--help", "help pull", "completion bash", "keygen"]) {
  test(`a reader that wants nothing ends ${line} with code 0 and no complaint`, async () => {
    await using command = cli(line)
    command.hangUp()
    const { code, complaints } = await command.ended()
    assert.deepEqual([code, complaints], [0, ""])
  })
}

test("a full disk ends a command with code 1 and a complaint", {
  skip: !existsSync("/dev/full") && "there is no /dev/full",
}, () => {
  for (const line of ["--help", "completion fish", "keygen"]) {
    const full = `"${process.execPath}" "${script}" ${line} > /dev/full`
    const { status, stderr } = spawnSync("bash", ["-c", full], { encoding: "utf8", timeout: 20_000 })
    assert.match(stderr, /^puremq: Cannot write to standard output: ENOSPC.*\n$/)
    assert.equal(status, 1)
  }
})

test("a command goes on when nobody reads what it complains of", () => {
  const line = `"${process.execPath}" "${script}" pull -b ${ANY} -v --timeout 600ms 2> >(true)`
  const { status, stdout } = spawnSync("bash", ["-c", line], { encoding: "utf8", timeout: 20_000 })
  assert.deepEqual([status, stdout], [124, ""])
})

test("a timeout that comes from an option is told without a number", async () => {
  const { code, complaints } = await runCli(`pull -b ${ANY} -o receiveTimeout=20`)
  assert.deepEqual([code, complaints], [124, "puremq: Timed out: nothing came or went\n"])
})

test("colours are for terminals that want them", async () => {
  const plain = new CommandLine(["nonsense"]).end()
  // The escape of a colour.
  assert.ok(!(await plain.ended()).complaints.includes("\x1b"))
})

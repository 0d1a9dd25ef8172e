// An open socket does not keep the process alive: only what the program waits for does.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Dealer, Router } from "puremq"
import { vacantPort } from "../suites/vacant-port.js"
import { endpointOf, endsQuietly, runScene } from "./scenes.js"

test("sockets that are bound and left open let the process end", async () => {
  await using program = runScene("idle", "bound")
  await endsQuietly(program)
  assert.equal(program.lines.length, 4)
})

test("sockets of UDP let the process end", async () => {
  await using program = runScene("idle", "datagrams")
  await endsQuietly(program)
  assert.deepEqual(program.lines, ["bound"])
})

for (const scheme of ["tcp", "ws"]) {
  test(`sockets that look for their peers let the process end, over ${scheme}`, async () => {
    await using program = runScene("idle", "retrying", `${scheme}://127.0.0.1:${await vacantPort()}`)
    await endsQuietly(program)
    assert.deepEqual(program.lines, ["connecting"])
  })

  test(`a socket with a live peer that it accepted lets the process end, over ${scheme}`, async () => {
    await using program = runScene("idle", "serving", scheme)
    using dealer = new Dealer({ linger: 0 })
    dealer.connect(await endpointOf(program))
    await dealer.send("question")
    assert.equal(await dealer.receiveString(), "question")
    await endsQuietly(program)
    assert.equal(program.lines.at(-1), "answered")
  })
}

for (const [scene, scheme] of [
  ["connected", "tcp"],
  ["connected", "ws"],
  ["observed", "tcp"],
] as const) {
  test(`a socket with a live peer that it dialled lets the process end (${scene}, ${scheme})`, async () => {
    using router = new Router({ linger: 0 })
    await router.bind(`${scheme}://127.0.0.1:0`)
    await using program = runScene("idle", scene, router.lastEndpoint ?? "")
    const [peer = ""] = await router.receive()
    await router.send([peer, "welcome"])
    await endsQuietly(program)
    assert.deepEqual(program.lines, ["received welcome"])
  })
}

// `using` closes at once; `await using` waits until what was accepted has been sent or given up.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Pull } from "puremq"
import { vacantPort } from "../suites/vacant-port.js"
import { endsQuietly, runScene } from "./scenes.js"

test("`using` closes the socket and fails what is pending", async () => {
  await using program = runScene("disposal", "using")
  await endsQuietly(program)
  assert.deepEqual(program.lines.sort(), ["closed: true", "receive: EAGAIN"])
})

for (const scene of ["awaitUsing", "awaitUsingContext"]) {
  test(`\`await using\` waits for a peer that comes late (${scene})`, async () => {
    const address = `tcp://127.0.0.1:${await vacantPort()}`
    await using program = runScene("disposal", scene, address)
    await program.line(/^leaving$/)
    assert.deepEqual(program.lines, ["leaving"])
    using pull = new Pull()
    await pull.bind(address)
    assert.equal(await pull.receiveString(), "waited for")
    await endsQuietly(program)
    assert.deepEqual(program.lines, ["leaving", "left"])
  })
}

test("`await using` goes on when the linger is over", async () => {
  await using program = runScene("disposal", "lingerIsOver", `tcp://127.0.0.1:${await vacantPort()}`)
  await endsQuietly(program)
  assert.deepEqual(program.lines, ["left"])
})

import assert from "node:assert/strict"
import { test } from "node:test"
import { type Credentials, PeerRejection, type Verdict } from "#src/security/authentication.js"
import { PeerRefusal } from "#src/security/mechanism.js"
import { NullMechanism } from "#src/security/null.js"
import { always, clientProperties, nextOf, serverProperties, shake, verdict } from "./stage.js"

test("with an authenticator NULL's READY waits for his word", () => {
  const asked: Credentials[] = []
  let answer: ((verdict: Verdict | Error) => void) | undefined
  const server = new NullMechanism(serverProperties, (credentials, reply) => {
    asked.push(credentials)
    answer = reply
    return () => {}
  })
  let progress = 0
  server.onProgress = () => progress++
  const client = new NullMechanism(clientProperties)
  // The client does not wait for the server.
  assert.equal(shake(client, server).length, 1)
  assert.deepEqual(asked, [{ mechanism: "NULL", frames: [] }])
  assert.ok(!server.complete)
  answer?.(verdict(200, "someone"))
  assert.equal(progress, 1)
  shake(client, server)
  assert.ok(client.complete && server.complete)
  assert.deepEqual(client.peerProperties, serverProperties)
  assert.equal(server.verdict?.userId.toString(), "someone")
  assert.equal(asked.length, 1)
})

test("an authenticator who answers at once delays nothing", () => {
  const server = new NullMechanism(serverProperties, always(200))
  server.onProgress = () => assert.fail("It was not waiting.")
  const client = new NullMechanism(clientProperties)
  assert.equal(shake(client, server).length, 2)
  assert.ok(client.complete && server.complete)
})

test("400 and 500 are told by ERROR, 300 is not told", () => {
  for (const status of [300, 400, 500] as const) {
    const server = new NullMechanism(serverProperties, always(status))
    const client = new NullMechanism(clientProperties)
    if (status === 300) assert.equal(server.next(), undefined)
    else {
      const error = nextOf(server)
      assert.throws(
        () => client.handle(error),
        (thrown) => thrown instanceof PeerRefusal && thrown.reason === String(status),
      )
    }
    assert.ok(server.failure instanceof PeerRejection && server.failure.status === status)
    assert.equal(server.next(), undefined)
    assert.ok(!server.complete)
  }
})

test("when the connection ends the authenticator hears of it", () => {
  let cancelled = 0
  const server = new NullMechanism(serverProperties, () => () => cancelled++)
  assert.equal(server.next(), undefined)
  server.close()
  assert.equal(cancelled, 1)
  new NullMechanism(serverProperties).close()
})

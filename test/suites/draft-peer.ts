// PEER: of puremq alone, since zeromq.js has no way to name whom a message of a PEER is for. What libzmq's PEERs and ours
// say to each other is in test/interop.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { openDraft } from "./draft-library.js"
import { type Setting, scenario } from "./stage.js"
import { hasCode, numbers } from "./talk.js"

export function peerScenarios(setting: Setting): void {
  if (setting.library.name !== "puremq") return

  scenario(setting, "PEERs talk to each other by their numbers, whoever connected", async (stage) => {
    const [one, other] = [openDraft(stage, "Peer"), openDraft(stage, "Peer")]
    const routingId = one.connectPeer(await stage.bind(other))
    for (const number of numbers(10)) await one.send(number, { routingId })
    let back = { routingId: 0 }
    for (const number of numbers(10)) {
      const [body, from] = await within(other.receive(), "a message")
      assert.equal(body.toString(), number)
      back = from
    }
    await other.send("answer", back)
    const [body, from] = await within(one.receive(), "an answer")
    assert.deepEqual([body.toString(), from], ["answer", { routingId }])
    await assert.rejects(one.send("x", { routingId: routingId + 1 }), { code: "EHOSTUNREACH" })
    await assert.rejects(one.send(["a", "b"] as never, { routingId }), { code: "EINVAL" })
  })

  scenario(setting, "a PEER that was connected to can be sent to before it is there", async (stage) => {
    const address = await stage.vacant()
    const one = openDraft(stage, "Peer")
    const routingId = one.connectPeer(address)
    await one.send("early", { routingId })
    const other = openDraft(stage, "Peer")
    await stage.bindTo(other, address)
    assert.equal((await within(other.receive(), "what was said early"))[0].toString(), "early")
  })

  scenario(setting, "connectPeer needs a peer at once", async (stage) => {
    const peer = openDraft(stage, "Peer", { immediate: true })
    assert.throws(() => peer.connectPeer("tcp://127.0.0.1:1"), { code: "EFAULT" })
    assert.throws(() => peer.connectPeer(1 as never), TypeError)
    const other = openDraft(stage, "Peer")
    assert.throws(() => other.connectPeer("nonsense"), { code: "EINVAL" })
  })

  scenario(
    setting,
    "disconnectPeer ends a connection behind what was sent, on either side",
    async (stage) => {
      const server = openDraft(stage, "Server")
      const client = openDraft(stage, "Client")
      const address = await stage.bind(server)
      client.connect(address)
      await client.send("hello")
      const [, from] = await within(server.receive(), "a message")
      const left = stage.next(client, "disconnect")
      await server.send("goodbye", from)
      server.disconnectPeer(from.routingId)
      assert.equal((await within(client.receive(), "what was said last")).toString(), "goodbye")
      await within(left, "the connection to end")
      assert.throws(() => server.disconnectPeer(from.routingId), { code: "EHOSTUNREACH" })
      assert.throws(() => server.disconnectPeer(0), { code: "EINVAL" })
      const [one, other] = [openDraft(stage, "Peer"), openDraft(stage, "Peer")]
      const routingId = one.connectPeer(await stage.bind(other))
      await one.send("last", { routingId })
      one.disconnectPeer(routingId)
      const [body, back] = await within(other.receive(), "what was said last")
      assert.equal(body.toString(), "last")
      await eventually(async () => {
        try {
          await other.send("late", back)
          return false
        } catch (error) {
          return hasCode(error, "EHOSTUNREACH")
        }
      }, "the other PEER to hear of it")
    },
  )
}

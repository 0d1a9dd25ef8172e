// REQ and REP when one of them goes in the middle of a request, and replies that come too late.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import { offer, reaches, take, takeNow, takesNothing } from "./talk.js"

const outOfTurn = { code: "EFSM" }

export function requestReplyLossScenarios(setting: Setting): void {
  scenario(setting, "a reply to a REQ that has gone is dropped, and REP goes on", async (stage) => {
    const reply = stage.open("Reply")
    const address = await stage.bind(reply)
    const leaving = stage.open("Request")
    leaving.connect(address)
    await leaving.send("heard")
    assert.deepEqual(await take(reply), ["heard"])
    const left = stage.next(reply, "disconnect")
    leaving.close()
    await within(left, "the REQ to leave")
    await within(reply.send("to nobody"), "a reply to nobody to be dropped")
    const heir = stage.open("Request")
    heir.connect(address)
    await heir.send("me?")
    assert.deepEqual(await take(reply), ["me?"])
    await reply.send("you")
    assert.deepEqual(await take(heir), ["you"])
  })

  scenario(setting, "what a REQ asked before it left can be heard, and REP goes on", async (stage) => {
    const reply = stage.open("Reply")
    const address = await stage.bind(reply)
    const leaving = stage.open("Request", { linger: 20_000 })
    leaving.connect(address)
    await leaving.send("last words")
    const left = stage.next(reply, "disconnect")
    leaving.close()
    await within(left, "the REQ to leave")
    const heir = stage.open("Request")
    heir.connect(address)
    await heir.send("me?")
    assert.deepEqual(await take(reply), ["last words"])
    await within(reply.send("to nobody"), "a reply to nobody to be dropped")
    assert.deepEqual(await take(reply), ["me?"])
    await reply.send("you")
    assert.deepEqual(await take(heir), ["you"])
  })

  scenario(
    setting,
    "REQ whose peer went with its request may neither ask again nor be answered",
    async (stage) => {
      const request = stage.open("Request")
      const address = await stage.bind(request)
      const leaving = stage.open("Reply")
      leaving.connect(address)
      await within(request.send("lost"), "a REQ with a peer to ask")
      assert.deepEqual(await take(leaving), ["lost"])
      const left = stage.next(request, "disconnect")
      leaving.close()
      await within(left, "the REP to leave")
      const heir = stage.open("Reply")
      const came = stage.next(request, "handshake")
      heir.connect(address)
      await within(came, "another REP to come")
      await assert.rejects(offer(request, "again"), outOfTurn)
      await takesNothing(request, "a REQ whose request was lost")
      await takesNothing(heir, "a REP that was not asked")
    },
  )

  scenario(setting, "REQ whose peer went takes the reply from another", async (stage) => {
    const request = stage.open("Request", { routingId: "asker" })
    const address = await stage.bind(request)
    const leaving = stage.open("Router")
    leaving.connect(address)
    await within(request.send("ask"), "a REQ with a peer to ask")
    assert.deepEqual(await take(leaving), ["asker", "", "ask"])
    leaving.close()
    const deputy = stage.open("Router", { mandatory: true })
    deputy.connect(address)
    const taken = await eventually(async () => {
      await reaches(deputy, ["asker", "", "answer"])
      return takeNow(request)
    }, "a reply from the deputy")
    assert.deepEqual(taken, ["answer"])
  })

  if (setting.transport === "inproc") replyThatCameTwice(setting)
  else comebacks(setting)
}

function comebacks(setting: Setting): void {
  scenario(setting, "REQ takes the reply from the peer that came back", async (stage) => {
    const request = stage.open("Request", { routingId: "asker" })
    const leaving = stage.open("Router")
    const address = await stage.bind(leaving)
    request.connect(address)
    await request.send("ask")
    assert.deepEqual(await take(leaving), ["asker", "", "ask"])
    leaving.close()
    const heir = stage.open("Router", { mandatory: true })
    await stage.bindTo(heir, address)
    const taken = await eventually(async () => {
      await reaches(heir, ["asker", "", "answer"])
      return takeNow(request)
    }, "a reply from the peer that came back")
    assert.deepEqual(taken, ["answer"])
  })

  scenario(setting, "a request to a peer that is away waits until it comes back", async (stage) => {
    const request = stage.open("Request")
    const leaving = stage.open("Reply")
    const address = await stage.bind(leaving)
    request.connect(address)
    await request.send("one")
    assert.deepEqual(await take(leaving), ["one"])
    await leaving.send("first")
    assert.deepEqual(await take(request), ["first"])
    const left = stage.next(request, "disconnect")
    leaving.close()
    await within(left, "the REP to leave")
    await request.send("two")
    const heir = stage.open("Reply")
    await stage.bindTo(heir, address)
    assert.deepEqual(await take(heir), ["two"])
    await heir.send("second")
    assert.deepEqual(await take(request), ["second"])
  })
}

// Only within a process is it certain that a reply has arrived before the next request leaves.
function replyThatCameTwice(setting: Setting): void {
  scenario(setting, "REQ forgets a second reply when it asks again", async (stage) => {
    const router = stage.open("Router")
    const request = stage.open("Request", { routingId: "asker" })
    request.connect(await stage.bind(router))
    await request.send("one")
    assert.deepEqual(await take(router), ["asker", "", "one"])
    for (const answer of ["first", "first again"]) await router.send(["asker", "", answer])
    assert.deepEqual(await take(request), ["first"])
    await request.send("two")
    assert.deepEqual(await take(router), ["asker", "", "two"])
    await router.send(["asker", "", "second"])
    assert.deepEqual(await take(request), ["second"])
  })
}

// REQ and REP: whose turn it is, between the two and among peers, and the envelope that leads a reply back.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import {
  answer,
  assertTurns,
  numbers,
  offer,
  type Receiver,
  reaches,
  type Sender,
  take,
  takeFrames,
  takeNow,
  takesNothing,
} from "./talk.js"

const outOfTurn = { code: "EFSM", errno: 156384763 }

export function requestReplyScenarios(setting: Setting): void {
  scenario(setting, "requests and replies of many shapes go there and back", async (stage) => {
    const [request, reply] = await converse(stage)
    const shapes = [["body"], [""], ["", ""], ["a", "", "b"], ["", "a"], numbers(50), ["x".repeat(100_000)]]
    for (const shape of shapes) {
      await request.send(shape)
      assert.deepEqual(await take(reply), shape)
      await reply.send([...shape, "answered"])
      assert.deepEqual(await take(request), [...shape, "answered"])
    }
  })

  scenario(setting, "REQ refuses a second request and REP a second reply", async (stage) => {
    const [request, reply] = await converse(stage)
    await request.send("one")
    await assert.rejects(offer(request, "two"), outOfTurn)
    assert.deepEqual(await take(reply), ["one"])
    await reply.send("first")
    await assert.rejects(offer(reply, "second"), outOfTurn)
    assert.deepEqual(await take(request), ["first"])
    await takesNothing(reply, "a REP whose REQ asked once")
  })

  scenario(
    setting,
    "REQ refuses to receive before it has asked, and after it was answered",
    async (stage) => {
      const [request, reply] = await converse(stage)
      await assert.rejects(takeNow(request), outOfTurn)
      await request.send("ask")
      await takesNothing(request, "a REQ that has not been answered")
      await take(reply)
      await reply.send("answer")
      assert.deepEqual(await take(request), ["answer"])
      await assert.rejects(takeNow(request), outOfTurn)
    },
  )

  scenario(
    setting,
    "REP refuses to send before it was asked, and to receive before it answers",
    async (stage) => {
      const [request, reply] = await converse(stage)
      await assert.rejects(offer(reply, "unasked"), outOfTurn)
      await request.send("ask")
      await take(reply)
      await assert.rejects(takeNow(reply), outOfTurn)
      await reply.send("answer")
      assert.deepEqual(await take(request), ["answer"])
      await takesNothing(reply, "a REP that has answered")
    },
  )

  scenario(setting, "REQ asks three peers that it connected to in turn", async (stage) => {
    const request = stage.open("Request")
    const replies = stage.three("Reply")
    for (const reply of replies) request.connect(await stage.bind(reply))
    for (const number of numbers(9)) {
      await request.send(number)
      const reply = replies[Number(number) % 3] as (typeof replies)[0]
      assert.deepEqual(await take(reply), [number])
      await reply.send(`${number} answered`)
      assert.deepEqual(await take(request), [`${number} answered`])
    }
  })

  scenario(setting, "REQ asks three peers that connected to it in turn", async (stage) => {
    const request = stage.open("Request")
    const address = await stage.bind(request)
    for (const [index, reply] of stage.three("Reply").entries()) {
      reply.connect(address)
      void answer(reply, String(index))
    }
    const ask = async (): Promise<string> => {
      await within(request.send("who?"), "a REQ with a peer to ask")
      return (await take(request)).join()
    }
    const heard = new Set<string>()
    await eventually(async () => heard.add(await ask()).size === 3, "all three peers to be asked")
    const order: string[] = []
    while (order.length < 9) order.push(await ask())
    assert.deepEqual([...order.slice(0, 3)].sort(), numbers(3))
    assert.deepEqual(order, [...order.slice(0, 3), ...order.slice(0, 3), ...order.slice(0, 3)])
  })

  scenario(setting, "REP hears three peers in turn and answers the one that asked", async (stage) => {
    const reply = stage.open("Reply")
    const address = await stage.bind(reply)
    const dealers = stage.three("Dealer")
    const asked = [0, 0, 0]
    const sends = dealers.map((dealer, index) => {
      dealer.connect(address)
      return () => dealer.send(["", `peer ${index}`])
    })
    await assertTurns(sends, async () => {
      const [name = ""] = await take(reply)
      await reply.send(`to ${name}`)
      const index = Number(name.at(-1))
      asked[index] = (asked[index] ?? 0) + 1
      return name
    })
    for (const [index, dealer] of dealers.entries()) {
      for (let count = asked[index] ?? 0; count > 0; count -= 1)
        assert.deepEqual(await take(dealer), ["", `to peer ${index}`])
      await takesNothing(dealer, "a DEALER that had its answers")
    }
  })

  scenario(setting, "REQ without a peer waits for one", async (stage) => {
    const request = stage.open("Request")
    const address = await stage.bind(request)
    assert.equal(await offer(request, "refused"), false)
    const sent = request.send("patient")
    const reply = stage.open("Reply")
    reply.connect(address)
    await within(sent, "send() to go on when a peer came")
    assert.deepEqual(await take(reply), ["patient"])
    await reply.send("welcome")
    assert.deepEqual(await take(request), ["welcome"])
  })

  scenario(setting, "a request waits for the REP that binds late", async (stage) => {
    const request = stage.open("Request")
    const address = await stage.vacant()
    request.connect(address)
    await request.send("early")
    const reply = stage.open("Reply")
    await stage.bindTo(reply, address)
    assert.deepEqual(await take(reply), ["early"])
    await reply.send("late")
    assert.deepEqual(await take(request), ["late"])
  })

  envelopes(setting)
}

function envelopes(setting: Setting): void {
  scenario(setting, "REQ puts an empty frame before a request and takes it from the reply", async (stage) => {
    const router = stage.open("Router")
    const request = stage.open("Request", { routingId: "asker" })
    request.connect(await stage.bind(router))
    const shapes = [["body"], [""], ["", ""], ["a", "", "b"]]
    for (const shape of shapes) {
      await request.send(shape)
      assert.deepEqual(await take(router), ["asker", "", ...shape])
      await router.send(["asker", "", ...shape])
      assert.deepEqual(await take(request), shape)
    }
  })

  scenario(setting, "REP keeps what stands before the first empty frame and gives it back", async (stage) => {
    const reply = stage.open("Reply")
    const dealer = stage.open("Dealer")
    dealer.connect(await stage.bind(reply))
    const envelopes = [[""], ["hop", ""], ["\0\xff", "second hop", "x".repeat(300), ""]]
    const bodies = [["body"], [""], ["", ""], ["a", "", "b"]]
    for (const envelope of envelopes) {
      for (const body of bodies) {
        const request = [...envelope, ...body]
        await dealer.send(request.map((frame) => Buffer.from(frame, "latin1")))
        assert.deepEqual(await take(reply), body)
        await reply.send(["answer", ...body])
        assert.deepEqual(await take(dealer), [...envelope, "answer", ...body])
      }
    }
  })

  scenario(
    setting,
    "a request finds its way through two devices, and its reply the way back",
    async (stage) => {
      const reply = stage.open("Reply")
      const inner = await device(stage, await stage.bind(reply), "inner")
      const outer = await device(stage, inner.address, "outer")
      const request = stage.open("Request", { routingId: "asker" })
      request.connect(outer.address)
      for (const body of [["first"], ["", "second", ""]]) {
        await request.send(body)
        assert.deepEqual(await outer.there(), ["asker", "", ...body])
        assert.deepEqual(await inner.there(), ["outer", "asker", "", ...body])
        assert.deepEqual(await take(reply), body)
        await reply.send(["answer", ...body])
        assert.deepEqual(await inner.back(), ["outer", "asker", "", "answer", ...body])
        assert.deepEqual(await outer.back(), ["asker", "", "answer", ...body])
        assert.deepEqual(await take(request), ["answer", ...body])
      }
    },
  )

  scenario(setting, "REP passes over requests that nobody could be answered to", async (stage) => {
    const reply = stage.open("Reply")
    const dealer = stage.open("Dealer")
    dealer.connect(await stage.bind(reply))
    for (const lame of [["no delimiter"], ["no", "delimiter", "either"], [""], ["hop", ""]]) {
      await dealer.send(lame)
    }
    await dealer.send(["", "sound"])
    // Asked again and again: zeromq.js fails a receive() that waits with EAGAIN when a lame request wakes it.
    assert.deepEqual(await eventually(() => takeNow(reply), "the sound question"), ["sound"])
    await reply.send("answer")
    assert.deepEqual(await take(dealer), ["", "answer"])
    await takesNothing(reply, "a REP that was asked one sound question")
  })

  for (const malformed of [["no delimiter"], ["not", "empty"]]) {
    scenario(setting, `REQ passes over a reply of ${malformed.length} frames, none empty`, async (stage) => {
      // Over a wire libzmq ends the connection, too. So here the REQ binds, and its peer comes back.
      const request = stage.open("Request", { routingId: "asker" })
      const router = stage.open("Router", { mandatory: true })
      router.connect(await stage.bind(request))
      await within(request.send("ask"), "a REQ with a peer to ask")
      assert.deepEqual(await take(router), ["asker", "", "ask"])
      await router.send(["asker", ...malformed])
      const taken = await eventually(async () => {
        await reaches(router, ["asker", "", "answer"])
        return takeNow(request)
      }, "the sound reply")
      assert.deepEqual(taken, ["answer"])
    })
  }

  scenario(setting, "REQ passes over what comes from a peer that it did not ask", async (stage) => {
    const request = stage.open("Request", { routingId: "asker" })
    const asked = stage.open("Router")
    const other = stage.open("Router", { mandatory: true })
    for (const router of [asked, other]) request.connect(await stage.bind(router))
    await request.send("ask")
    assert.deepEqual(await take(asked), ["asker", "", "ask"])
    await eventually(() => reaches(other, ["asker", "", "unasked"]), "the REQ to be known")
    await eventually(async () => request.readable, "the unasked reply to arrive")
    await takesNothing(request, "a REQ that was answered by the wrong peer")
    await asked.send(["asker", "", "answer"])
    assert.deepEqual(await take(request), ["answer"])
  })
}

async function converse(stage: Stage) {
  const request = stage.open("Request")
  const reply = stage.open("Reply")
  request.connect(await stage.bind(reply))
  return [request, reply] as const
}

/** A ROUTER and a DEALER that hand on one message when they are told to, and show it. */
async function device(stage: Stage, upstream: string, routingId: string) {
  const router = stage.open("Router")
  const dealer = stage.open("Dealer", { routingId })
  dealer.connect(upstream)
  const address = await stage.bind(router)
  const handOn = async (from: Receiver, to: Sender): Promise<string[]> => {
    const message = await takeFrames(from)
    await to.send(message)
    return message.map((frame) => frame.toString("latin1"))
  }
  return { address, there: () => handOn(router, dealer), back: () => handOn(dealer, router) }
}

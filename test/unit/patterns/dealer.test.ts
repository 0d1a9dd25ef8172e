import assert from "node:assert/strict"
import { test } from "node:test"
import { DealerPattern } from "#src/patterns/dealer.js"
import { assertHeard, Partner, receives, sends } from "./peers.js"

test("DEALER sends to its peers in turn, and adds nothing", () => {
  const dealer = new DealerPattern({ probeRouter: false })
  const [one, other] = [new Partner(dealer), new Partner(dealer)]
  for (const text of ["0", "1", "2"]) assert.equal(sends(dealer, text, "", "more"), true)
  assert.deepEqual(one.heard(), [
    ["0", "", "more"],
    ["2", "", "more"],
  ])
  assert.deepEqual(other.heard(), [["1", "", "more"]])
})

test("DEALER hears its peers in turn", () => {
  assertHeard(() => {
    const dealer = new DealerPattern({ probeRouter: false })
    const [one, other] = [new Partner(dealer), new Partner(dealer)]
    for (const text of ["a1", "a2", "a3"]) one.says("", text)
    for (const text of ["b1", "b2", "b3"]) other.says(text)
    return dealer
  }, [["", "a1"], ["b1"], ["", "a2"], ["b2"], ["", "a3"], ["b3"]])
})

test("DEALER takes the short way where a peer has more to say", () => {
  const dealer = new DealerPattern({ probeRouter: false })
  const peer = new Partner(dealer)
  for (const text of ["1", "2", "3"]) peer.says(text)
  receives(dealer)
  assert.equal(String(dealer.takeAtOnce()), "2")
})

test("DEALER tells who spoke last and whether there is more", () => {
  const dealer = new DealerPattern({ probeRouter: false })
  const peer = new Partner(dealer)
  assert.equal(dealer.sender, undefined)
  assert.equal(dealer.canReceive, false)
  peer.says("hello")
  assert.equal(dealer.canReceive, true)
  assert.deepEqual(receives(dealer), ["hello"])
  assert.equal(dealer.sender, peer.peer)
  assert.equal(dealer.canReceive, false)
})

test("DEALER waits without a peer that has room, and goes on when one has", () => {
  const dealer = new DealerPattern({ probeRouter: false })
  assert.equal(dealer.canSend, false)
  assert.equal(sends(dealer, "early"), false)
  const peer = new Partner(dealer, { room: 1 })
  assert.equal(dealer.canSend, true)
  assert.ok(sends(dealer, "first"))
  assert.equal(sends(dealer, "second"), false)
  assert.equal(dealer.canSend, false)
  peer.reads(1)
  assert.ok(sends(dealer, "second"))
  assert.deepEqual(peer.heard(), [["first"], ["second"]])
  peer.reads(1)
  peer.leave()
  assert.equal(peer.sendSlot, -1)
  assert.equal(sends(dealer, "third"), false)
  assert.equal(dealer.dropped, 0)
})

test("probeRouter: an empty message goes to each new peer before all others, and not without the option", () => {
  const prober = new DealerPattern({ probeRouter: true })
  const peer = new Partner(prober)
  assert.ok(sends(prober, "hello"))
  assert.deepEqual(peer.heard(), [[""], ["hello"]])
  const other = new Partner(new DealerPattern({ probeRouter: false }))
  assert.deepEqual(other.heard(), [])
})

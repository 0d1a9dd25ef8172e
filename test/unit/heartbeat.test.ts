// When a heartbeat's timers are made and what they find, in time that passes as told.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import { Heartbeat } from "#src/link/heartbeat.js"
import { SimulatedPlatform } from "../fuzz/simulation.js"

class Beaten {
  signsOfLife = 0
  deaf = false
  stuck = false
  pings = 0
  ended = false
  readonly platform = new SimulatedPlatform()
  readonly heartbeat: Heartbeat

  constructor(interval: number, timeout: number) {
    const { turn } = new ContextCore(this.platform)
    this.heartbeat = new Heartbeat({ interval, timeToLive: 0, timeout }, turn, this)
    this.heartbeat.start()
  }

  ping(): boolean {
    this.pings++
    return !this.stuck
  }

  silent(): void {
    this.ended = true
    this.heartbeat.stop()
  }

  pass(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed++) this.platform.pass(1)
  }
}

test("silence counts from the first PING behind the last sign of life", () => {
  const peer = new Beaten(10, 25)
  peer.pass(34)
  assert.equal(peer.ended, false)
  peer.signsOfLife++
  // The PING at 40 begins the next wait.
  peer.pass(30)
  assert.equal(peer.ended, false)
  peer.pass(1)
  assert.equal(peer.ended, true)
  assert.equal(peer.pings, 6)
  assert.equal(peer.platform.pendingTimers, 0)
})

test("a thousand signs of life make no timer", () => {
  const peer = new Beaten(10, 10)
  peer.pass(10)
  const timers = peer.platform.pendingTimers
  for (let count = 0; count < 1000; count++) peer.signsOfLife++
  assert.equal(peer.platform.pendingTimers, timers)
  peer.pass(9)
  assert.equal(peer.ended, false)
})

test("PINGs that come in one read make one timer", () => {
  const peer = new Beaten(0, 0)
  for (let count = 0; count < 1000; count++) peer.heartbeat.pinged(100)
  assert.equal(peer.platform.pendingTimers, 1)
  peer.pass(99)
  peer.signsOfLife++
  peer.heartbeat.pinged(100)
  peer.pass(99)
  assert.equal(peer.ended, false)
  peer.pass(1)
  assert.equal(peer.ended, true)
})

test("silence does not count while nothing is read, or a PING cannot leave", () => {
  const peer = new Beaten(10, 20)
  peer.deaf = true
  peer.pass(100)
  peer.deaf = false
  peer.signsOfLife++
  peer.stuck = true
  peer.pass(100)
  assert.equal(peer.ended, false)
  peer.stuck = false
  peer.pass(30)
  assert.equal(peer.ended, true)
})

test("what comes before the end of a silence counts, though it is read behind it", () => {
  const peer = new Beaten(10, 20)
  peer.pass(29)
  peer.platform.nextTurn(() => peer.signsOfLife++)
  peer.pass(1)
  assert.equal(peer.ended, false)
  // The PING at 40 begins the next wait.
  peer.pass(29)
  assert.equal(peer.ended, false)
  peer.pass(1)
  assert.equal(peer.ended, true)
})

test("a heartbeat that stops at the end of a silence tells nothing more", () => {
  const peer = new Beaten(10, 20)
  peer.pass(29)
  peer.platform.nextTurn(() => peer.heartbeat.stop())
  peer.pass(1)
  assert.equal(peer.ended, false)
  assert.equal(peer.platform.pendingTimers, 0)
})

test("a heartbeat that has stopped leaves no timer", () => {
  const peer = new Beaten(10, 20)
  peer.heartbeat.pinged(50)
  peer.pass(15)
  peer.heartbeat.stop()
  peer.heartbeat.pinged(50)
  assert.equal(peer.platform.pendingTimers, 0)
})

// How long operations, reads and writes go on before the event loop gets its turn.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { Platform } from "#src/core/platform.js"
import { Turn } from "#src/core/turn.js"

/** A clock and an event loop that go on when they are told to. */
class Loop {
  now = 0
  #afterMicrotasks: (() => void)[] = []
  #nextTurn: (() => void)[] = []
  readonly turn: Turn

  constructor() {
    const platform = {
      now: () => this.now,
      afterMicrotasks: (task: () => void) => void this.#afterMicrotasks.push(task),
      nextTurn: (task: () => void) => void this.#nextTurn.push(task),
    }
    this.turn = new Turn(platform as Partial<Platform> as Platform)
  }

  endMicrotasks(): void {
    for (const task of this.#afterMicrotasks.splice(0)) task()
  }

  turnOnce(): void {
    for (const task of this.#nextTurn.splice(0)) task()
    this.endMicrotasks()
  }

  /** Operations that complete at once, each of which takes so long. */
  operate(milliseconds: number): number {
    for (let count = 0; ; count++) {
      if (!this.turn.spendAtOnce()) return count
      this.now += milliseconds
    }
  }
}

async function isSettled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => false)])
}

test("quick operations complete at once for about a millisecond, then wait for the loop", async () => {
  const loop = new Loop()
  const count = loop.operate(0.0001)
  assert.ok(count >= 10_000 && count < 11_000, `${count} operations`)
  const waiting = loop.turn.spend()
  assert.ok(waiting)
  assert.equal(await isSettled(waiting), false)
  assert.equal(loop.turn.spend(), waiting)
  loop.turnOnce()
  assert.equal(await isSettled(waiting), true)
  assert.equal(loop.turn.spend(), undefined)
  assert.ok(loop.operate(0.0001) >= 9_000)
})

test("slow operations get some milliseconds, and no more", () => {
  for (const milliseconds of [0.01, 0.05, 0.2]) {
    const loop = new Loop()
    loop.operate(milliseconds)
    assert.ok(loop.now >= 5 && loop.now < 8, `${loop.now} ms in operations of ${milliseconds}`)
  }
})

test("very slow operations are soon seen to be so", () => {
  const loop = new Loop()
  const count = loop.operate(10)
  assert.ok(count <= 10, `${count} operations`)
})

test("what arrives gives operations their time anew", () => {
  const loop = new Loop()
  loop.operate(0.0001)
  assert.equal(loop.turn.spendAtOnce(), false)
  loop.turn.arrived()
  assert.ok(loop.operate(0.0001) >= 10_000)
})

test("reading may go on for some milliseconds of a turn, and again in the next", () => {
  const loop = new Loop()
  const first = loop.turn.currentTurn()
  assert.equal(loop.turn.mayReadOn(), true)
  loop.now = 3.9
  assert.equal(loop.turn.mayReadOn(), true)
  loop.now = 4
  assert.equal(loop.turn.mayReadOn(), false)
  assert.equal(loop.turn.currentTurn(), first)
  loop.turnOnce()
  assert.notEqual(loop.turn.currentTurn(), first)
  assert.equal(loop.turn.mayReadOn(), true)
})

test("all that is to be written is, at the end of the microtasks", () => {
  const loop = new Loop()
  const written: number[] = []
  for (let link = 0; link < 1000; link++) {
    loop.turn.flushLater(() => {
      written.push(link)
      loop.now += 1
    })
  }
  assert.deepEqual(written, [])
  loop.endMicrotasks()
  assert.deepEqual(
    written,
    Array.from({ length: 1000 }, (_, link) => link),
  )
})

test("while operations wait for the loop, writes take turns with them, none is lost, and their order stays", () => {
  const loop = new Loop()
  loop.operate(0.0001)
  assert.ok(loop.turn.spend())
  const written: number[] = []
  for (let link = 0; link < 1000; link++) {
    loop.turn.flushLater(() => {
      written.push(link)
      loop.now += 0.01
    })
  }
  for (let times = 0; times < 5; times++) loop.endMicrotasks()
  assert.ok(written.length >= 100 && written.length < 150, `${written.length} writes`)
  for (let turns = 0; written.length < 1000; turns++) {
    assert.ok(turns < 10)
    loop.turnOnce()
    loop.operate(0.0001)
    loop.turn.spend()
  }
  assert.deepEqual(
    written,
    Array.from({ length: 1000 }, (_, link) => link),
  )
})

test("a write that is asked for by another one comes too", () => {
  const loop = new Loop()
  const written: string[] = []
  loop.turn.flushLater(() => {
    written.push("first")
    loop.turn.flushLater(() => written.push("second"))
  })
  loop.endMicrotasks()
  loop.turn.flushLater(() => written.push("third"))
  loop.endMicrotasks()
  assert.deepEqual(written, ["first", "second", "third"])
})

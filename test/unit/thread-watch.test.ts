// When a thread looks for what another one has for it, and when it sleeps.
import assert from "node:assert/strict"
import { test } from "node:test"
import { allocateThreadMemory, ThreadEnd } from "#src/link/thread-memory.js"
import { type Sleeper, ThreadWatch, type Watched, type Watcher } from "#src/link/thread-watch.js"

/** A thread whose clock and turns are ours. */
class Thread implements Sleeper, Watched {
  readonly memory: ThreadEnd
  readonly other: ThreadEnd
  readonly watcher: Watcher
  /** Who sleeps is woken by this. */
  woken: (() => void) | undefined
  sleeps = 0
  looks = 0
  time = 0
  /** Whether there is something to be found. */
  stirred = false
  private task: (() => void) | undefined

  constructor() {
    const memory = allocateThreadMemory("PAIR")
    this.memory = new ThreadEnd(memory, 0)
    this.other = new ThreadEnd(memory, 1)
    this.watcher = new ThreadWatch(this).watch(this)
  }

  wait(_words: Int32Array, _at: number, _value: number, woken: () => void): void {
    this.sleeps++
    this.woken = woken
  }

  nextTurn(task: () => void): void {
    this.task = task
  }

  now(): number {
    return this.time
  }

  look(): boolean {
    this.looks++
    const found = this.stirred
    this.stirred = false
    return found
  }

  get isAwake(): boolean {
    return this.task !== undefined
  }

  /** A turn of the loop that takes so many milliseconds. */
  turn(milliseconds: number): void {
    this.time += milliseconds
    const { task } = this
    this.task = undefined
    task?.()
  }

  /** Turns until it sleeps; for how long it looked. */
  untilAsleep(milliseconds: number): number {
    const began = this.time
    while (this.isAwake) this.turn(milliseconds)
    return this.time - began
  }

  wakeAfter(milliseconds: number): void {
    this.time += milliseconds
    const { woken } = this
    this.woken = undefined
    woken?.()
  }
}

test("nobody who has nothing to do looks for long, or waits twice", () => {
  const thread = new Thread()
  thread.watcher.stir()
  assert.ok(thread.untilAsleep(0.005) < 0.1)
  assert.equal(thread.sleeps, 1)
  const { looks } = thread
  thread.watcher.stir()
  thread.untilAsleep(0.005)
  assert.ok(thread.looks > looks)
  assert.equal(thread.sleeps, 1, "the first waiting goes on")
})

test("what came just before the bell was armed is found", () => {
  const thread = new Thread()
  thread.watcher.stir()
  let reads = 0
  Object.defineProperty(thread, "stirred", { get: () => reads++ === 1, set: () => {} })
  thread.turn(1)
  assert.ok(thread.isAwake)
  assert.equal(thread.sleeps, 0)
})

test("who is woken soon looks longer the next time, and who slept for long looks less", () => {
  const thread = new Thread()
  thread.watcher.stir()
  const first = thread.untilAsleep(0.002)
  for (let round = 0; round < 10; round++) {
    thread.wakeAfter(0.05)
    thread.untilAsleep(0.002)
  }
  thread.wakeAfter(0.05)
  const longer = thread.untilAsleep(0.002)
  assert.ok(longer > first * 2, `${longer} ms instead of ${first} ms`)
  for (let round = 0; round < 10; round++) {
    thread.wakeAfter(50)
    thread.untilAsleep(0.002)
  }
  thread.wakeAfter(50)
  assert.ok(thread.untilAsleep(0.002) < first)
})

test("nobody looks for long where idle turns take long", () => {
  const thread = new Thread()
  thread.watcher.stir()
  for (let round = 0; round < 10; round++) {
    thread.untilAsleep(0.002)
    thread.wakeAfter(0.05)
  }
  const usual = thread.untilAsleep(0.002)
  thread.wakeAfter(0.05)
  thread.turn(0.002)
  // Somebody else had the processor.
  thread.turn(0.25)
  thread.untilAsleep(0.002)
  thread.wakeAfter(0.05)
  assert.ok(thread.untilAsleep(0.002) < usual / 4)
  thread.wakeAfter(200)
  thread.stirred = true
  thread.turn(0.002)
  assert.ok(thread.isAwake)
})

test("who is rung is woken, and who has stopped is not", () => {
  const thread = new Thread()
  thread.watcher.stir()
  thread.untilAsleep(0.005)
  const bell = (): number => Atomics.load(thread.memory.words, thread.memory.bellAt)
  assert.equal(bell(), 1, "the bell is armed")
  thread.other.ring()
  assert.equal(bell(), 0)
  thread.stirred = true
  const { looks } = thread
  thread.wakeAfter(0)
  assert.equal(thread.looks, looks + 1)
  assert.ok(thread.isAwake)
  thread.untilAsleep(0.005)
  thread.watcher.stop()
  thread.wakeAfter(0)
  thread.watcher.stir()
  assert.equal(thread.isAwake, false)
})

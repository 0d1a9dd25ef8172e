// The pauses between attempts to connect, with chance as told (zmq_setsockopt(3) on ZMQ_RECONNECT_IVL and _MAX).
import assert from "node:assert/strict"
import { test } from "node:test"
import { nextPause } from "#src/core/reconnect-pause.js"

const LONGEST = 2 ** 31 - 1

function pauses(reconnectInterval: number, reconnectMaxInterval: number, count: number): number[] {
  const all: number[] = []
  const options = { reconnectInterval, reconnectMaxInterval }
  const noChance = (): number => assert.fail("chance has no say")
  for (let pause = 0; all.length < count; all.push(pause)) pause = nextPause(options, pause, noChance)
  return all
}

test("with a maximum each pause is twice the one before, up to it, and none is by chance", () => {
  assert.deepEqual(pauses(100, 1000, 6), [100, 200, 400, 800, 1000, 1000])
  assert.deepEqual(pauses(7, 28, 4), [7, 14, 28, 28])
  assert.deepEqual(pauses(LONGEST / 2 + 0.5, LONGEST, 3), [2 ** 30, LONGEST, LONGEST])
})

test("a maximum below the interval is the pause", () => {
  assert.deepEqual(pauses(100, 30, 3), [30, 30, 30])
})

test("without a maximum each pause is the interval and chance's part of another", () => {
  const options = { reconnectInterval: 100, reconnectMaxInterval: 0 }
  for (const [chance, pause] of [
    [0, 100],
    [0.5, 150],
    [0.999_999, 199],
  ] as const) {
    assert.equal(
      nextPause(options, 0, () => chance),
      pause,
    )
    assert.equal(
      nextPause(options, 180, () => chance),
      pause,
    )
  }
  assert.equal(
    nextPause({ reconnectInterval: LONGEST, reconnectMaxInterval: 0 }, 0, () => 0.9),
    LONGEST,
  )
})

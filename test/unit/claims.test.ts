import assert from "node:assert/strict"
import { test } from "node:test"
import type { Scheduler } from "#src/link/link.js"
import { Claims } from "#src/transports/claims.js"
import type { GroupMessage, ThreadGroup } from "#src/transports/threads.js"

type Claim = GroupMessage & { kind: "claim" }

/** A thread whose claims others hear when the test says so. */
function threadOf(self: number, others: number): { claims: Claims; group: ThreadGroup; heard: Claim[] } {
  const heard: Claim[] = []
  const scheduler = { setTimer: () => ({ cancel: () => {} }) } as unknown as Scheduler
  const sleeper = {
    wait: (words: Int32Array, at: number, value: number, woken: () => void): void => {
      const look = (): void => {
        // Woken by the smallest change of any vote, as Atomics.notify would.
        if (Atomics.load(words, at) !== value || Atomics.load(words, 1) !== 0) woken()
        else setImmediate(look)
      }
      look()
    },
    nextTurn: setImmediate,
    now: () => 0,
  }
  const group: ThreadGroup = {
    self,
    others,
    broadcast: (message) => heard.push(message as Claim),
    lineTo: () => assert.fail("no line is needed"),
  }
  return { claims: new Claims(sleeper, scheduler), group, heard }
}

for (const [first, second] of [
  [1, 2],
  [2, 1],
] as const) {
  test(`thread ${second} claims a name that it has let thread ${first} have, while a third one is busy: the older gets it`, async () => {
    const one = threadOf(first, 2)
    const two = threadOf(second, 2)
    const third = threadOf(3, 2)
    const claimOfOne = one.claims.make("inproc://a", one.group)
    two.claims.vote(one.heard[0] as Claim, first, two.group, false)
    const claimOfTwo = two.claims.make("inproc://a", two.group)
    one.claims.vote(two.heard[0] as Claim, second, one.group, false)
    third.claims.vote(one.heard[0] as Claim, first, third.group, false)
    third.claims.vote(two.heard[0] as Claim, second, third.group, false)
    assert.deepEqual([await claimOfOne, await claimOfTwo], [first === 1, second === 1])
  })
}

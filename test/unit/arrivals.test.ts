// Accepted connections that wait to be set up: no more of them than a limit, and the newest stay.
import assert from "node:assert/strict"
import type net from "node:net"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { Arrivals } from "#src/platform/node/arrivals.js"

class FakeSocket {
  readonly number: number
  destroyed = false
  readonly _handle = null

  constructor(number: number) {
    this.number = number
  }

  resume(): void {}
  unref(): void {}
  on(): void {}
  destroy(): void {
    this.destroyed = true
  }
}

async function arrive(count: number, most: number): Promise<{ stayed: number[]; failures: unknown[] }> {
  const sockets = Array.from({ length: count }, (_, number) => new FakeSocket(number))
  const failures: unknown[] = []
  let accepted = 0
  const arrivals = new Arrivals(
    () => accepted++,
    (error) => failures.push((error as Error & { code?: unknown }).code),
    most,
  )
  for (const socket of sockets) arrivals.add(socket as unknown as net.Socket)
  const stayed = sockets.filter(({ destroyed }) => !destroyed)
  while (accepted < stayed.length) await turn()
  return { stayed: stayed.map(({ number }) => number), failures }
}

test("of too many that wait to be set up the oldest are hung up on", async () => {
  const { stayed, failures } = await arrive(10, 7)
  assert.deepEqual(stayed, [3, 4, 5, 6, 7, 8, 9])
  assert.deepEqual(failures, ["ENOBUFS", "ENOBUFS", "ENOBUFS"])
})

test("without a limit all are set up", async () => {
  const { stayed, failures } = await arrive(300, 0)
  assert.equal(stayed.length, 300)
  assert.deepEqual(failures, [])
})

// Receives that are pending at a time, where the event loop is due: they complete in the order in which they were called.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { KeepAlive } from "#src/core/keep-alive.js"
import type { OptionValues } from "#src/core/options.js"
import type { Platform } from "#src/core/platform.js"
import { Traffic } from "#src/core/traffic.js"
import type { Turn } from "#src/core/turn.js"
import type { Message } from "#src/message.js"
import type { Pattern } from "#src/routing/pattern.js"
import { frame } from "./patterns/peers.js"

class Stage {
  /** Operations have had their time. */
  due = true
  readonly completed: string[] = []
  readonly traffic: Traffic
  private readonly messages: Message[] = []
  private turned!: Promise<void>
  private resolveTurned!: () => void

  constructor() {
    this.renew()
    const take = (): Message | undefined => this.messages.shift()
    const pattern = { lockstep: false, readsAtOnce: false, receive: take, takeAtOnce: take }
    const turn = {
      spend: () => (this.due ? this.turned : undefined),
      spendAtOnce: () => !this.due,
    }
    const platform = {} as Platform
    const keepAlive = { hold: () => {}, release: () => {} } as unknown as KeepAlive
    const options = { receiveTimeout: -1 } as OptionValues
    this.traffic = new Traffic(
      pattern as unknown as Pattern,
      options,
      turn as unknown as Turn,
      platform,
      keepAlive,
    )
  }

  bring(text: string): void {
    this.messages.push([frame(text)])
    this.traffic.serveReceivers()
  }

  /** Receives, and what follows when it has. */
  async receive(then: () => void = () => {}): Promise<void> {
    const [text] = await this.traffic.receive(undefined, this)
    this.completed.push(String(text))
    then()
  }

  async turn(): Promise<void> {
    this.resolveTurned()
    await new Promise((resolve) => setImmediate(resolve))
    this.renew()
  }

  private renew(): void {
    this.turned = new Promise((resolve) => {
      this.resolveTurned = resolve
    })
  }
}

test("who takes a message at once does not overtake one who has his and waits for the event loop", async () => {
  const stage = new Stage()
  for (const text of ["1", "2", "3"]) stage.bring(text)
  void stage.receive()
  // Something was read: operations have their time anew.
  stage.due = false
  void stage.receive()
  void stage.receive()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(stage.completed, [])
  await stage.turn()
  assert.deepEqual(stage.completed, ["1", "2", "3"])
  stage.bring("4")
  await stage.receive()
  assert.equal(stage.completed.at(-1), "4")
})

test("nor does one who waited, nor one who comes when it has turned overtake him", async () => {
  const stage = new Stage()
  stage.bring("1")
  void stage.receive(() => {
    stage.bring("3")
    void stage.receive()
  })
  stage.due = false
  void stage.receive()
  stage.bring("2")
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(stage.completed, [])
  await stage.turn()
  assert.deepEqual(stage.completed, ["1", "2", "3"])
})

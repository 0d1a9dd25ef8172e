import assert from "node:assert/strict"
import { test } from "node:test"
import { setImmediate as turn } from "node:timers/promises"
import { platform } from "#platform"
import { ContextCore } from "#src/core/context.js"
import { ProxyCore } from "#src/core/proxy.js"
import { SocketCore } from "#src/core/socket.js"
import type { Message } from "#src/message.js"
import { Pattern } from "#src/routing/pattern.js"

/** Always has a message, and always room for one, which takes a while. */
class Endless extends Pattern {
  attach(): void {}
  detach(): void {}

  override get canSend(): boolean {
    return true
  }

  override get canReceive(): boolean {
    return true
  }

  override receive(): Message {
    return [Buffer.alloc(1)]
  }

  override send(): boolean {
    const end = performance.now() + 0.02
    while (performance.now() < end);
    return true
  }
}

test("where neither side ever ends, both ways and the event loop have their turns", async () => {
  const context = new ContextCore(platform)
  const [frontEnd, backEnd] = [0, 1].map(() => new SocketCore(context, "PAIR", () => new Endless())) as [
    SocketCore,
    SocketCore,
  ]
  const sockets = { frontEnd, backEnd, capture: undefined, control: undefined }
  const proxy = new ProxyCore(sockets, {}, undefined)
  for (let count = 0; count < 20; count++) await turn()
  const there = proxy.toBackEnd.messages
  const back = proxy.toFrontEnd.messages
  assert.ok(there > 0 && back > 0, `${there} messages went there, ${back} back`)
  assert.ok(Math.max(there, back) < 20 * Math.min(there, back), `${there} messages went there, ${back} back`)
  proxy.terminate()
  await proxy.done
  await context.terminate()
})

/** Owes a reply to each request before it gives the next. */
class Asked extends Pattern {
  override readonly lockstep = true
  left = 3
  private owes = false

  attach(): void {}
  detach(): void {}

  override get canSend(): boolean {
    return this.owes
  }

  override get canReceive(): boolean {
    return !this.owes && this.left > 0
  }

  override receive(): Message | undefined {
    if (!this.canReceive) return undefined
    this.owes = true
    this.left--
    return [Buffer.alloc(1)]
  }

  override send(): boolean {
    this.owes = false
    return true
  }
}

/** Gives back what it gets. */
class Echo extends Pattern {
  private readonly messages: Message[] = []

  attach(): void {}
  detach(): void {}

  override get canSend(): boolean {
    return true
  }

  override get canReceive(): boolean {
    return this.messages.length > 0
  }

  override receive(): Message | undefined {
    return this.messages.shift()
  }

  override send(message: Message): boolean {
    this.messages.push(message)
    return true
  }
}

/** Tells only when it gets a message that it has no room, as an XPUB with `noDrop` does; every other time. */
class Choosy extends Pattern {
  private full = false

  attach(): void {}
  detach(): void {}

  override get canSend(): boolean {
    return true
  }

  override send(): boolean {
    this.full = !this.full
    return !this.full
  }
}

test("a reply that waited for the capture lets the next request through", async () => {
  const context = new ContextCore(platform)
  const asked = new Asked()
  const frontEnd = new SocketCore(context, "REP", () => asked)
  const backEnd = new SocketCore(context, "DEALER", () => new Echo())
  const capture = new SocketCore(context, "XPUB", () => new Choosy())
  const proxy = new ProxyCore({ frontEnd, backEnd, capture, control: undefined }, {}, undefined)
  // Each message, there and back, is turned down once; each time the capture has room a moment later.
  for (let count = 0; count < 6; count++) {
    await turn()
    proxy.changed()
  }
  assert.equal(asked.left, 0)
  assert.deepEqual([proxy.toBackEnd.messages, proxy.toFrontEnd.messages], [3, 3])
  proxy.terminate()
  await proxy.done
  await context.terminate()
})

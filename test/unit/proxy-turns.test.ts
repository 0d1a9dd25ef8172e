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

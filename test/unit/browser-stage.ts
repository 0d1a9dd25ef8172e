// Pages that talk to each other by a browser's WebSocket, and a WebSocket that the test moves.
import type { TestContext } from "node:test"
import { WebSocket as ws } from "ws"
import { ContextCore } from "#src/core/context.js"
import type { OptionValues } from "#src/core/options.js"
import type { Platform } from "#src/core/platform.js"
import { SocketCore } from "#src/core/socket.js"
import { PairPattern } from "#src/patterns/pair.js"
import {
  type BrowserWebSocket,
  type BrowserWebSocketClass,
  browserWebSockets,
} from "#src/platform/browser/websocket.js"
import { platform } from "#src/platform/node/index.js"
import { WsTransport } from "#src/transports/ws.js"
import { eventually, within } from "../suites/deadline.js"
import { loadZeromq } from "../suites/library.js"

export const zeromq = loadZeromq()
const builtIn = (globalThis as { WebSocket?: unknown }).WebSocket as BrowserWebSocketClass | undefined

export const classes: readonly (readonly [string, BrowserWebSocketClass | string])[] = [
  ["ws", ws as unknown as BrowserWebSocketClass],
  ["this runtime", builtIn ?? "this runtime has no WebSocket of its own"],
]

/** A PAIR as a browser would have it, for this pattern shows who waits for whom. */
export class BrowserPair {
  readonly core: SocketCore
  readonly events: string[] = []

  constructor(t: TestContext, WebSocketClass: BrowserWebSocketClass) {
    const browser: Platform = {
      ...platform,
      createTransports: (scheduler) =>
        new Map([
          [
            "ws",
            new WsTransport(
              browserWebSockets(() => WebSocketClass),
              scheduler,
              false,
            ),
          ],
        ]),
    }
    this.core = new SocketCore(new ContextCore(browser), "PAIR", () => new PairPattern())
    Object.assign(this.core.options, { linger: 0, reconnectInterval: 1 })
    this.core.monitor.watched = true
    t.after(() => this.core.close())
    void this.#read()
  }

  async #read(): Promise<void> {
    for (;;) {
      const { type } = await this.core.monitor.next()
      this.events.push(type)
      if (type === "end") return
    }
  }

  send(...frames: (string | Buffer)[]): Promise<void> {
    return this.core.traffic.send(
      frames.map((frame) => Buffer.from(frame as string)),
      undefined,
      this,
    )
  }

  async receive(): Promise<string[]> {
    const message = await within(this.core.traffic.receive(undefined, this), "a message")
    return message.map((frame) => Buffer.from(frame).toString("latin1"))
  }

  async told(type: string): Promise<void> {
    await eventually(async () => this.events.includes(type), `the event ${type}`)
  }
}

/** One that is told what happens to it. */
class FakeWebSocket implements BrowserWebSocket {
  static made: FakeWebSocket[] = []
  binaryType = ""
  bufferedAmount = 0
  protocol = "ZWS2.0"
  readonly offered: string[]
  readonly sent: Buffer[] = []
  closed = false
  onopen: BrowserWebSocket["onopen"] = null
  onmessage: BrowserWebSocket["onmessage"] = null
  onerror: BrowserWebSocket["onerror"] = null
  onclose: BrowserWebSocket["onclose"] = null

  constructor(_url: string, subprotocols: string[]) {
    this.offered = subprotocols
    FakeWebSocket.made.push(this)
  }

  send(data: Uint8Array): void {
    this.sent.push(Buffer.from(data))
    this.bufferedAmount += data.length
  }

  close(): void {
    this.closed = true
  }

  say(text: string): void {
    const bytes = Buffer.from(text, "latin1")
    this.onmessage?.({ data: new Uint8Array(bytes).buffer })
  }
}

export function open(
  t: TestContext,
  protocol = "ZWS2.0",
  options: Partial<OptionValues> = {},
): { browser: BrowserPair; fake: FakeWebSocket } {
  const browser = new BrowserPair(t, FakeWebSocket)
  Object.assign(browser.core.options, options)
  browser.core.endpoints.connect("ws://127.0.0.1:5555/path")
  const fake = FakeWebSocket.made.pop() as FakeWebSocket
  fake.protocol = protocol
  fake.onopen?.()
  fake.say("\0")
  return { browser, fake }
}

/** A PING's packet, with a time to live of so many tenths of a second. */
export function ping(timeToLive: number): string {
  return `\x02\x04PING\0${String.fromCharCode(timeToLive)}`
}

export async function pinged(fake: FakeWebSocket): Promise<void> {
  const before = fake.sent.length
  await eventually(async () => fake.sent.length > before, "a PING")
}

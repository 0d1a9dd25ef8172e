import type { Platform } from "../../core/platform.js"
import { ZmqError } from "../../errors.js"
import { CryptoLoader } from "../../security/crypto/loader.js"
import { InprocTransport } from "../../transports/inproc.js"
import { PortedInproc } from "../../transports/ported-inproc.js"
import type { Transport } from "../../transports/transport.js"
import { WsTransport } from "../../transports/ws.js"
import { Tasks } from "./tasks.js"
import { type BrowserWebSocketClass, browserWebSockets } from "./websocket.js"

const afterMicrotasks = new Tasks()
const nextTurn = new Tasks()

/** Browsers, their workers, and what has the same interfaces. */
export const platform: Platform = {
  afterMicrotasks: afterMicrotasks.add,
  nextTurn: nextTurn.add,
  setTimer: (milliseconds, task) => {
    const timer = setTimeout(task, milliseconds)
    return { cancel: () => clearTimeout(timer) }
  },
  now: () => performance.now(),
  random: Math.random,
  warn: (message) => console.warn(message),
  // A page lives as long as its user wants, and ends without asking.
  holdProcess: () => ({ cancel: () => {} }),
  beforeExit: () => {},
  cryptography: new CryptoLoader(),
  curveKeys: { createKeyPair: noKeys, publicKey: noKeys },
  createTransports: (scheduler) => {
    const webSockets = browserWebSockets(
      () => (globalThis as unknown as { WebSocket: BrowserWebSocketClass }).WebSocket,
    )
    return new Map<string, Transport>([
      ["ws", new WsTransport(webSockets, scheduler, false)],
      ["wss", new WsTransport(webSockets, scheduler, true)],
      ["inproc", new PortedInproc(new InprocTransport(), scheduler)],
    ])
  },
}

/** A page cannot make any at once. */
function noKeys(): never {
  throw new ZmqError("ENOTSUP", { message: "A page makes no keys of CURVE: it is to be given them." })
}

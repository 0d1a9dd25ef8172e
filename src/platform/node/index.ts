import type { Platform } from "../../core/platform.js"
import type { Scheduler } from "../../link/link.js"
import { Crossing } from "../../transports/crossing.js"
import { InprocTransport } from "../../transports/inproc.js"
import { IpcTransport } from "../../transports/ipc.js"
import { PortedInproc } from "../../transports/ported-inproc.js"
import { TcpTransport } from "../../transports/tcp.js"
import type { Transport } from "../../transports/transport.js"
import { UdpTransport } from "../../transports/udp.js"
import { WsTransport } from "../../transports/ws.js"
import { WsEntrance } from "../../transports/ws-entrance.js"
import { certificateFiles } from "./certificates.js"
import { cryptoLoader } from "./crypto-loader.js"
import { nodeKeys } from "./curve-keys.js"
import { nodeDatagrams } from "./datagrams.js"
import { nodeStreams } from "./streams.js"
import { temporaryPaths } from "./temporary-paths.js"
import { nodeThreads } from "./threads.js"
import { nodeWebSocketServers, nodeWebSockets } from "./websocket.js"

/** Node, and the runtimes that have its modules. */
export const platform: Platform = {
  afterMicrotasks: process.nextTick,
  nextTurn: setImmediate,
  setTimer: (milliseconds, task) => {
    const timer = setTimeout(task, milliseconds)
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
  now: () => performance.now(),
  random: Math.random,
  warn: (message) => process.emitWarning(message),
  holdProcess: () => {
    // A timer is the cheapest thing that holds the event loop; it never fires in a program's life.
    const timer = setInterval(() => {}, 0x7fff_ffff)
    return { cancel: () => clearInterval(timer) }
  },
  beforeExit: (task) => {
    process.on("beforeExit", task)
  },
  cryptography: cryptoLoader,
  createTransports: (scheduler, acrossThreads) =>
    new Map<string, Transport>([
      ["tcp", new TcpTransport(nodeStreams, scheduler)],
      ["ipc", new IpcTransport(nodeStreams, temporaryPaths, scheduler)],
      ["ws", webSocketTransport(scheduler, false)],
      ["wss", webSocketTransport(scheduler, true)],
      ["inproc", new PortedInproc(inprocTransport(scheduler, acrossThreads), scheduler)],
      ["udp", new UdpTransport(nodeDatagrams, nodeStreams, scheduler)],
    ]),
  curveKeys: nodeKeys,
  certificates: certificateFiles,
}

function webSocketTransport(scheduler: Scheduler, secure: boolean): Transport {
  const entrance = new WsEntrance(nodeWebSocketServers, scheduler, secure)
  return new WsTransport(nodeWebSockets, scheduler, secure, entrance)
}

function inprocTransport(scheduler: Scheduler, acrossThreads: boolean): InprocTransport {
  return new InprocTransport(
    acrossThreads ? (names) => new Crossing(nodeThreads, scheduler, names) : undefined,
  )
}

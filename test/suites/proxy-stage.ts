// Proxies on a stage: between two sockets of one library, bound to addresses of the stage's transport.
import type * as zmq from "puremq"
import { within } from "./deadline.js"
import type { SocketName } from "./library.js"
import type { Stage } from "./stage.js"

/** A proxy that runs, and where its ends are bound. */
export interface Running {
  readonly proxy: zmq.Proxy
  readonly front: string
  readonly back: string
  /** Terminates it, and resolves when it has ended. */
  end(): Promise<void>
}

type SocketOptions = Parameters<Stage["open"]>[1] & object

/** A proxy between two new sockets that are bound. It is terminated when the scenario is over. */
export async function runProxy(
  stage: Stage,
  frontName: SocketName,
  backName: SocketName,
  options: SocketOptions = {},
): Promise<Running> {
  const frontEnd = stage.open(frontName, options)
  const backEnd = stage.open(backName, options)
  const front = await stage.bind(frontEnd)
  const back = await stage.bind(backEnd)
  return { ...start(stage, stage.proxy(frontEnd, backEnd)), front, back }
}

// zeromq.js crashes when a proxy that still runs is collected.
const running: Set<zmq.Proxy> = new Set()

/** Runs a proxy until the scenario is over, or `end` is called. */
export function start(stage: Stage, proxy: zmq.Proxy): Pick<Running, "proxy" | "end"> {
  const run = proxy.run().finally(() => running.delete(proxy))
  running.add(proxy)
  let over = false
  const terminate = (): void => {
    if (over) return
    over = true
    proxy.terminate()
  }
  stage.keep({ close: terminate })
  return {
    proxy,
    end() {
      terminate()
      return within(run, "the proxy to end")
    },
  }
}

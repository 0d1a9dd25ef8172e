// The harms, each of which ends before its function resolves.
import { once } from "node:events"
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { eventually } from "../suites/deadline.js"
import type { Role } from "./protocol.js"
import type { Cut, Weather } from "./relay.js"
import type { Setting, Stage } from "./stage.js"

export interface Fault {
  readonly setting?: Setting
  /** Why it cannot be brought about here. */
  readonly skip?: string | undefined
  /** A PUB has the usual mark, and may drop what is beyond. */
  readonly fills?: boolean
  act(stage: Stage): Promise<void>
}

/** How long a harm lasts, in milliseconds. */
const WHILE = 400
const CUTS = 3
const FILES = 80
const STRANGERS = 120
const NAME = "relay.chaos.test"

/** A peer that is silent for so long is gone. */
const watchful = { heartbeatInterval: 100, heartbeatTimeout: 200, handshakeInterval: 500 }
const linux = process.platform === "linux" ? undefined : "only Linux tells what files a process has"
const root = process.getuid?.() === 0 ? undefined : "only root may give a process another /etc/hosts"

function weather(kind: Weather): Fault {
  return {
    async act({ relay }) {
      relay.weather = kind
      await delay(WHILE)
      relay.weather = "clear"
    },
  }
}

function cuts(how: Cut): Fault {
  return {
    async act(stage) {
      for (let left = CUTS; left > 0; left--) {
        stage.relay.cut(how)
        await stage.flows()
      }
    },
  }
}

function kill(role: Role): Fault {
  return {
    async act(stage) {
      const side = stage.side(role)
      const { endpoint } = side
      await stage.kill(side)
      await delay(WHILE / 4)
      stage.open(role, endpoint ?? `tcp://127.0.0.1:${stage.relay.port}`)
      if (role === "bound") await stage.bound()
    },
  }
}

function stop(role: Role): Fault {
  return {
    async act(stage) {
      const { child } = stage.side(role)
      child.kill("SIGSTOP")
      await delay(WHILE)
      child.kill("SIGCONT")
    },
  }
}

/** One connection swallows all that comes; others are good, or not yet. */
function deaf(isWhole: boolean): Fault {
  return {
    setting: { options: watchful },
    async act({ relay }) {
      const { opened } = relay
      relay.weather = "swallow"
      // Until the dialler gave up the first and tried again.
      if (isWhole) await eventually(async () => relay.opened > opened, "the dialler to give up")
      else await delay(50)
      relay.weather = "clear"
    },
  }
}

const unread: Fault = {
  fills: true,
  async act(stage) {
    const { sender, receiver } = stage
    stage.tell(receiver, "pause")
    stage.tell(sender, "hasten")
    await delay(WHILE)
    stage.tell(sender, "slow")
    stage.tell(receiver, "resume")
  },
}

const files: Fault = {
  skip: linux,
  setting: { wrap: { bound: `ulimit -n ${FILES} && exec "$@"` } },
  async act(stage) {
    const { child, endpoint } = stage.side("bound")
    const port = Number(endpoint?.split(":").at(-1))
    const strangers = Array.from({ length: STRANGERS }, () => net.connect(port, "127.0.0.1"))
    for (const stranger of strangers) stranger.on("error", () => {})
    const count = (): number => readdirSync(`/proc/${child.pid}/fd`).length
    try {
      await eventually(async () => count() >= FILES - 2, "the bound side to run out of files")
      await stage.flows()
      stage.relay.cut("reset")
      await delay(WHILE / 2)
    } finally {
      for (const stranger of strangers) stranger.destroy()
    }
  },
}

const port: Fault = {
  async act(stage) {
    const side = stage.side("bound")
    const endpoint = side.endpoint as string
    await stage.kill(side)
    const squatter = net.createServer((socket) => socket.destroy())
    squatter.listen(Number(endpoint.split(":").at(-1)), "127.0.0.1")
    await once(squatter, "listening")
    const heir = stage.open("bound", endpoint)
    await eventually(async () => heir.refusals > 0, "the port to be refused")
    squatter.close()
    await stage.bound()
  },
}

function names(): Fault {
  const folder = mkdtempSync(join(tmpdir(), "puremq-chaos-"))
  const [hosts, order] = [join(folder, "hosts"), join(folder, "nsswitch.conf")]
  const known = `127.0.0.1 localhost ${NAME}\n`
  writeFileSync(hosts, known)
  writeFileSync(order, "hosts: files\n")
  const mounts = `mount --bind ${hosts} /etc/hosts && mount --bind ${order} /etc/nsswitch.conf && exec "$@"`
  const wrap = `exec unshare -m sh -c '${mounts}' sh "$@"`
  return {
    skip: root,
    setting: { hostname: NAME, wrap: { dialler: wrap } },
    async act({ relay }) {
      // In place: a mount holds to the file, not to its name.
      writeFileSync(hosts, "127.0.0.1 localhost\n")
      relay.cut("reset")
      const { opened } = relay
      await delay(WHILE)
      if (relay.opened > opened) throw new Error(`${NAME} was found: ${readFileSync(hosts, "utf8")}`)
      writeFileSync(hosts, known)
    },
  }
}

const clock: Fault = {
  setting: { options: { heartbeatInterval: 100, heartbeatTimeout: 2000 } },
  async act(stage) {
    for (const role of ["bound", "dialler"] as const) stage.tell(stage.side(role), "jump")
    await delay(WHILE)
    // Connections go and come by a clock that does not jump.
    stage.relay.cut("reset")
  },
}

export const faults: Readonly<Record<string, () => Fault>> = {
  none: () => weather("clear"),
  delay: () => weather("delay"),
  split: () => weather("split"),
  throttle: () => weather("throttle"),
  stall: () => weather("stall"),
  "cut with FIN": () => cuts("end"),
  "cut with RST": () => cuts("reset"),
  refused: () => ({
    async act({ relay }) {
      relay.weather = "refuse"
      relay.cut("end")
      await delay(WHILE)
      relay.weather = "clear"
    },
  }),
  "half-open": () => deaf(false),
  partition: () => deaf(true),
  "SIGKILL bound": () => kill("bound"),
  "SIGKILL dialler": () => kill("dialler"),
  "SIGSTOP bound": () => stop("bound"),
  "SIGSTOP dialler": () => stop("dialler"),
  "peer reads nothing": () => unread,
  "no files": () => files,
  "port taken": () => port,
  "name unknown": names,
  "clock jumps": () => clock,
  IPv6: () => ({ ...cuts("reset"), setting: { ipv6: true } }),
}

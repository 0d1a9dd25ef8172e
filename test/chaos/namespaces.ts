// Networks of the kernel's own for a round: what only root may make, and only on Linux.
import { spawnSync } from "node:child_process"
import { Talker } from "../interop/lines.js"
import { fromRoot } from "../interop/package-root.js"
import { until } from "./patience.js"

/** What a wire does to each packet; times are in seconds, chances from 0 to 1. */
export interface WireFaults {
  readonly latency?: number
  /** A time of its own for each packet, up to this: they overtake each other. */
  readonly jitter?: number
  readonly loss?: number
  readonly double?: number
  readonly parted?: boolean
}

/** A namespace that lives as long as the program in it. */
export class Namespace implements AsyncDisposable {
  readonly #talker: Talker<WireFaults, "ready" | "done">
  #answers = 0
  #asked = 1

  constructor(kind: "faulty" | "version6", seed: number) {
    const program = [fromRoot("test/chaos/wire.py"), kind, String(seed)]
    this.#talker = new Talker("unshare", ["-n", "python3", ...program], () => this.#answers++)
  }

  /** The command that starts another in the namespace. */
  async entrance(): Promise<string[]> {
    await this.#answered()
    return ["nsenter", "-t", String(this.#talker.pid), "-n"]
  }

  async set(faults: WireFaults): Promise<void> {
    this.#asked++
    this.#talker.say(faults)
    await this.#answered()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#talker[Symbol.asyncDispose]()
  }

  async #answered(): Promise<void> {
    await until(async () => this.#answers >= this.#asked, "a namespace to be as it should")
  }
}

/** Why no namespaces can be had here, if so. */
export function whyNoNamespaces(): string | undefined {
  if (process.platform !== "linux") return "only Linux has namespaces"
  const script = "ip link set lo up && test -c /dev/net/tun && python3 -c 'import fcntl'"
  const { status, stderr } = spawnSync("unshare", ["-n", "-m", "sh", "-c", script], { encoding: "utf8" })
  return status === 0 ? undefined : `no namespace can be made: ${stderr?.trim() || "unshare is missing"}`
}

import { cpus, release, type } from "node:os"
import type { Peer } from "./peers.js"

/** What the results depend on, in one line. */
export function describeMachine(peers: readonly Peer[]): string {
  const cores = cpus()
  const system = [cores[0]?.model.trim() ?? "unknown CPU", `${cores.length} cores`, `${type()} ${release()}`]
  return [...system, `Node ${process.version}`, ...peers.map((peer) => peer.version)].join(", ")
}

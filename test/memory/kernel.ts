// What the kernel may hold of a connection's bytes.
import { readFileSync } from "node:fs"

/** Where the limits cannot be asked for: more than the systems that we know of give by default. */
const UNKNOWN = 16 << 20

/** The most that the send buffer of one side and the receive buffer of the other hold of one direction. */
export function kernelBytes(transport: "tcp" | "ipc" | "ws"): number {
  if (transport !== "ipc") return largest("net/ipv4/tcp_wmem") + largest("net/ipv4/tcp_rmem")
  // A Unix socket has one buffer for both sides, and the last write may go beyond it by half its size.
  return 1.5 * largest("net/core/wmem_default")
}

function largest(setting: string): number {
  try {
    return Number(readFileSync(`/proc/sys/${setting}`, "utf8").trim().split(/\s+/).at(-1))
  } catch {
    return UNKNOWN
  }
}

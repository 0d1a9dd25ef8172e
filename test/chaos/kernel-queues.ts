// What the kernel holds of the bytes between two processes.
import { readFileSync } from "node:fs"

const LISTENING = "0A"

/** Whether a process stands still after SIGSTOP. */
export function isStopped(pid: number): boolean {
  // The name, in parentheses, may hold anything.
  return /^[Tt]/.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, ""))
}

/** Bytes that were sent but not read, either way, on all TCP connections from and to some ports in a process's network. */
export function queuedBytes(pid: number, ports: ReadonlySet<number>): number {
  let bytes = 0
  for (const table of ["tcp", "tcp6"]) {
    const [, ...rows] = readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n")
    for (const row of rows) {
      const [, local, remote, state, queues] = row.trim().split(/\s+/)
      // Of who listens, the queue is of connections.
      if (state === LISTENING || ![local, remote].some((end) => ports.has(portOf(end)))) continue
      for (const queue of (queues ?? "").split(":")) bytes += Number.parseInt(queue, 16)
    }
  }
  return bytes
}

function portOf(end = ""): number {
  return Number.parseInt(end.split(":")[1] ?? "", 16)
}

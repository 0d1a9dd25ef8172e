import { readFileSync } from "node:fs"

const WANTED = 10_000
/** What a process has open besides its connections. */
const OTHER_FILES = 100

/** Throws where a process cannot have so many connections. */
export function requireConnections(count: number): void {
  const most = openFiles() - OTHER_FILES
  if (most >= count) return
  throw new Error(
    `A process may have ${most} connections here, not ${count}: raise its hard limit (ulimit -Hn)`,
  )
}

/** As many peers as are wanted, or as one process may open with so many descriptors for each. */
export function mostPeers(descriptorsEach: number): number {
  return Math.min(WANTED, Math.floor((openFiles() - OTHER_FILES) / descriptorsEach))
}

/** The limit that a process can raise its own to; where it cannot be read there hardly is one. */
function openFiles(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8")
    return Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? Infinity)
  } catch {
    return Infinity
  }
}

import { cpus, release, type } from "node:os"

/** What the results depend on beside the programs, in one line. */
export function describeMachine(): string {
  const cores = cpus()
  return `${cores[0]?.model.trim() ?? "unknown CPU"}, ${cores.length} cores, ${type()} ${release()}`
}

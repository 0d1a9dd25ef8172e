import { cpus, release, type } from "node:os"

/** What the results depend on beside the programs, in one line. */
export function describeMachine(): string {
  const cores = cpus()
  // What follows says who built the kernel.
  const [kernel] = release().split("-")
  return `${cores[0]?.model.trim() ?? "unknown CPU"}, ${cores.length} cores, ${type()} ${kernel}`
}

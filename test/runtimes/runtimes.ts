// The runtimes of this machine, and the suite played on them.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { fromRoot } from "../interop/package-root.js"
import { Program } from "../interop/process.js"
import type { Outcome } from "./check.js"

export const peers = "test/peers/runtimes/node_modules"

export interface Runtime {
  readonly name: string
  /** How it runs a program: command and arguments. */
  readonly command: readonly string[]
  /** Checks that cannot pass there, with the runtime's own bug. */
  readonly bugs: Readonly<Record<string, string>>
}

export interface Found extends Runtime {
  readonly version: string
}

export interface Missing {
  readonly name: string
  readonly missing: string
}

const binary = (path: string): string => fromRoot(`${peers}/${path}`)

const runtimes: readonly Runtime[] = [
  { name: "this Node", command: [process.execPath], bugs: {} },
  { name: "Node 22", command: [binary("node22/bin/node")], bugs: {} },
  { name: "Node 24", command: [binary("node24/bin/node")], bugs: {} },
  { name: "Node 26", command: [binary("node26/bin/node")], bugs: {} },
  { name: "Bun", command: [binary("@oven/bun-linux-x64/bin/bun")], bugs: {} },
  {
    name: "Deno",
    command: [binary("@deno/linux-x64-glibc/deno"), "run", "-A"],
    bugs: {
      "an address of another machine": "its listen tells EINVAL for EADDRNOTAVAIL",
    },
  },
]

/** All of them, each with its version or with the reason why it is missing. */
export function findRuntimes(): (Found | Missing)[] {
  return runtimes.map((runtime) => {
    const [command = ""] = runtime.command
    const { name } = runtime
    if (!existsSync(command)) return { name, missing: `${peers} has none for this platform` }
    const { status, stdout, stderr } = spawnSync(command, ["--version"], { encoding: "utf8" })
    if (status !== 0) return { name, missing: stderr.trim().split("\n", 1)[0] || `it ends with ${status}` }
    return { ...runtime, version: /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? stdout.trim() }
  })
}

/** Plays the suite, or those checks whose names contain one of `parts`. Rejects when the runtime ends amid it. */
export async function playOn({ command }: Runtime, parts: readonly string[] = []): Promise<Outcome[]> {
  const [executable = "", ...args] = command
  const host = fileURLToPath(new URL("host.js", import.meta.url))
  const all = [...args, host, process.execPath, JSON.stringify(command), ...parts]
  await using program = new Program(executable, all, { patience: 110_000 })
  await program.success()
  if (program.lines.at(-1) !== "all played") throw new Error(`It ended early:\n${program.lines.join("\n")}`)
  return program.lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Outcome)
}

/** What is wrong with an outcome, if anything: a known bug that is gone is wrong, too. */
export function complaintOf(
  { bugs }: Pick<Runtime, "bugs">,
  { name, failure, skipped }: Outcome,
): string | undefined {
  if (skipped !== undefined)
    return process.env.PUREMQ_PEERS === "required" ? `${name}: ${skipped}` : undefined
  if (bugs[name] === undefined) return failure === undefined ? undefined : `${name}: ${failure}`
  return failure === undefined ? `${name}: passes now, although ${bugs[name]}` : undefined
}

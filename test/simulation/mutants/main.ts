// Usage: npm run simulate:mutants -- [part of a fault's name]
// Puts each fault into a copy of the compiled library, and looks for a seed that finds it.
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { type Fault, faults } from "./faults.js"
import { LibraryCopy } from "./library-copy.js"

const SEEDS = 1000
const wanted = process.argv[2] ?? ""

/** What the first seed that fails says; undefined: none does. */
function find(copy: LibraryCopy, fault: Fault): string | undefined {
  const program = join(copy.folder, "build/test/simulation/main.js")
  const args = [program, "--from", "1", "--seeds", `${SEEDS}`, "--quick"]
  const { stdout } = copy.with(fault, () =>
    spawnSync(process.execPath, args, { cwd: copy.folder, encoding: "utf8" }),
  )
  return /seed \d+ FAILED: .*/.exec(stdout)?.[0]
}

using copy = new LibraryCopy(["build/test/simulation", "build/test/fuzz"])
for (const fault of faults) {
  if (!fault.name.includes(wanted)) continue
  const finding = find(copy, fault)
  console.log(
    `${finding === undefined ? "NOT FOUND" : "found"}: ${fault.name}: ${finding ?? `${SEEDS} seeds`}`,
  )
  if (finding === undefined) process.exitCode = 1
}

// Usage: npm run simulate:mutants -- [part of a fault's name]
// Puts each fault into a copy of the compiled library, and looks for a seed that finds it, for what it is.
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { chosen } from "../../interop/chosen.js"
import { type Fault, faults } from "./faults.js"
import { LibraryCopy } from "./library-copy.js"

const SEEDS = 1000
const wanted = process.argv[2] ?? ""

/** The first seed that fails, and what it says; undefined: none does. */
function find(copy: LibraryCopy, fault: Fault): { seed: string; says: string } | undefined {
  const program = join(copy.folder, "build/test/simulation/main.js")
  const args = [program, "--from", "1", "--seeds", `${SEEDS}`, "--quick"]
  const { stdout } = copy.with(fault, () =>
    spawnSync(process.execPath, args, { cwd: copy.folder, encoding: "utf8" }),
  )
  const [, seed = "", says = ""] = /seed (\d+) FAILED: (.*)/.exec(stdout) ?? []
  return seed === "" ? undefined : { seed, says }
}

using copy = new LibraryCopy(["build/test/simulation", "build/test/fuzz"])
for (const fault of chosen(faults, ({ name }) => name, wanted)) {
  const found = find(copy, fault)
  const isRight = found !== undefined && fault.says.test(found.says)
  const verdict =
    found === undefined ? "NOT FOUND" : isRight ? "found" : `NOT FOUND FOR WHAT IT IS, ${fault.says}`
  console.log(
    `${verdict}: ${fault.name}: ${found === undefined ? `${SEEDS} seeds` : `seed ${found.seed}: ${found.says}`}`,
  )
  if (!isRight) process.exitCode = 1
}

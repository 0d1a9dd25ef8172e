// Plays rounds with a fault in the library, each of which has to fail, and to say what for.
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { chosen } from "../../interop/chosen.js"
import { LibraryCopy } from "../../simulation/mutants/library-copy.js"
import { whyNoNamespaces } from "../namespaces.js"
import { planted } from "./faults.js"

/** Seconds within which the sound library gets everything done, also on a busy machine. */
const PATIENCE = 15
/** Rounds need it, or take along what those that do need. */
const PARTS = ["build/bench", "build/test", "test/chaos", "test/peers/package.json"]

/** What the round said that failed; undefined: it did not. */
function play(copy: LibraryCopy, round: string): string | undefined {
  const program = join(copy.folder, "build/test/chaos/main.js")
  const args = [program, "--only", `${round}, puremq to puremq`, "--seed", "1", "--patience", `${PATIENCE}`]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy.folder, encoding: "utf8" })
  if (status === 0 && stdout.includes(" 1 rounds")) return undefined
  const [, finding] = /^FAILED .*\n\s+(.*)/m.exec(stderr) ?? []
  if (finding === undefined) throw new Error(`${round} did not end as it should:\n${stdout}\n${stderr}`)
  return finding
}

/** Returns how many faults were not found for what they are, or found in a library that has none; tells of each. */
export function plantAll(wanted: string): number {
  const noNamespaces = whyNoNamespaces()
  let wrong = 0
  const tell = (isRight: boolean, text: string): void => {
    if (!isRight) wrong++
    console.log(text)
  }
  using copy = new LibraryCopy(PARTS)
  const some = chosen(planted, ({ fault }) => fault.name, wanted)
  for (const round of new Set(some.map((one) => one.round))) {
    const needsRoot = round.startsWith("name not found")
    if (needsRoot && noNamespaces !== undefined) {
      console.log(`left out, for ${noNamespaces}: ${round}`)
      continue
    }
    const finding = play(copy, round)
    tell(finding === undefined, `${finding === undefined ? "passes" : "FAILS"} without a fault: ${round}`)
    for (const { fault, says } of some.filter((one) => one.round === round)) {
      const found = copy.with(fault, () => play(copy, round))
      const isRight = found !== undefined && says.test(found)
      const verdict =
        found === undefined ? "NOT FOUND" : isRight ? "found" : `NOT FOUND FOR WHAT IT IS, ${says}`
      tell(isRight, `${verdict}: ${fault.name}: ${found}`)
    }
  }
  return wrong
}

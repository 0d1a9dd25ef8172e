// Usage: npm run simulate:mutants -- [part of a fault's name]
// Puts each fault into a copy of the compiled library, and looks for a seed that finds it.
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Fault, faults } from "./faults.js"

const SEEDS = 1000
const root = process.cwd()
const wanted = process.argv[2] ?? ""

function copyTo(folder: string): void {
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true })
  for (const part of ["simulation", "fuzz"]) {
    cpSync(join(root, "build/test", part), join(folder, "build/test", part), { recursive: true })
  }
  cpSync(join(root, "package.json"), join(folder, "package.json"))
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
}

/** What the first seed that fails says; undefined: none does. */
function find(folder: string, { name, module, from, to }: Fault): string | undefined {
  const file = join(folder, "dist", module)
  const whole = readFileSync(file, "utf8")
  if (whole.split(from).length !== 2) throw new Error(`${name}: ${module} has changed`)
  writeFileSync(
    file,
    whole.replace(from, () => to),
  )
  try {
    const program = join(folder, "build/test/simulation/main.js")
    const { stdout } = spawnSync(
      process.execPath,
      [program, "--from", "1", "--seeds", `${SEEDS}`, "--quick"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    )
    return /seed \d+ FAILED: .*/.exec(stdout)?.[0]
  } finally {
    writeFileSync(file, whole)
  }
}

const folder = mkdtempSync(join(tmpdir(), "puremq-mutants-"))
try {
  copyTo(folder)
  for (const fault of faults) {
    if (!fault.name.includes(wanted)) continue
    const finding = find(folder, fault)
    console.log(
      `${finding === undefined ? "NOT FOUND" : "found"}: ${fault.name}: ${finding ?? `${SEEDS} seeds`}`,
    )
    if (finding === undefined) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}

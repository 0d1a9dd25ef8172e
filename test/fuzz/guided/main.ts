// Usage: npm run fuzz:guided -- [--target name] [--seconds number] [--keep]
//        npm run fuzz:guided -- --target name --input file
// Lets Jazzer.js look for inputs that reach more of the library, for one target or each in its turn, from those that are
// kept in test/fuzz/corpus on. With --keep those that it finds are added there, and those that reach nothing that
// shorter ones do not reach are left out. With --input the target gets what is in a file, a finding for instance, and
// nothing is looked for. What has failed once deserves a test of its own.
import { spawnSync } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { ByteChance } from "../byte-chance.js"
import { keptInputs } from "../corpus.js"
import { targets } from "../targets.js"
import { jazzer } from "./jazzer.js"

const LONGEST_INPUT = 1024
const FIRST_INPUTS = 50
const DEFAULT_SECONDS = "60"
/** An input that takes longer hangs; a machine may be busy. */
const PATIENCE = 60

const { values } = parseArgs({
  options: {
    target: { type: "string" },
    seconds: { type: "string", default: DEFAULT_SECONDS },
    keep: { type: "boolean", default: false },
    input: { type: "string" },
  },
})
const seconds = Number(values.seconds)
const wanted = values.target === undefined ? [...targets.keys()] : [values.target]
const lacksTarget = values.input !== undefined && values.target === undefined
if (!(seconds > 0) || lacksTarget || wanted.some((name) => !targets.has(name))) {
  console.error("Usage: npm run fuzz:guided -- [--target name] [--seconds number] [--keep] [--input file]")
  console.error(`The targets are ${[...targets.keys()].join(", ")}.`)
  process.exit(2)
}

if (values.input !== undefined) {
  const outcome = await targets.get(wanted[0] as string)?.(new ByteChance(readFileSync(values.input)))
  console.log(`fuzz:guided: ${wanted[0]}: ${outcome?.join(", ")}`)
  process.exit()
}

const root = fileURLToPath(new URL("../../../..", import.meta.url))
const entry = fileURLToPath(new URL("target.js", import.meta.url))
const findings = join(root, "build/fuzz/guided/findings/")

/** Where the fuzzer reads and writes its inputs: all that are kept, and those of earlier runs. */
function folderOf(target: string): string {
  const folder = join(root, "build/fuzz/guided", target)
  mkdirSync(folder, { recursive: true })
  const kept = keptInputs(target)
  // Who begins with nothing finds by chance what is common.
  const first =
    kept.length > 0 ? kept : Array.from({ length: FIRST_INPUTS }, () => randomBytes(LONGEST_INPUT / 2))
  for (const input of first) {
    const file = join(folder, createHash("sha1").update(input).digest("hex"))
    if (!existsSync(file)) writeFileSync(file, input)
  }
  return folder
}

/** Whether an attack takes turns of the event loop, for which the fuzzer then waits. */
function waits(target: string): boolean {
  return targets.get(target)?.(new ByteChance(Buffer.alloc(0))) instanceof Promise
}

function search(cli: string, target: string, folder: string): boolean {
  console.log(`fuzz:guided: ${target}, for ${seconds} seconds`)
  const { status, signal } = spawnSync(
    process.execPath,
    [
      cli,
      entry,
      folder,
      "--includes",
      "/dist/",
      "--excludes",
      "node_modules",
      ...(waits(target) ? [] : ["--sync"]),
      "--",
      `-max_total_time=${seconds}`,
      `-max_len=${LONGEST_INPUT}`,
      "-len_control=0",
      `-timeout=${PATIENCE}`,
      `-artifact_prefix=${findings}${target}-`,
      "-print_final_stats=1",
    ],
    { cwd: root, stdio: "inherit", env: { ...process.env, PUREMQ_FUZZ_TARGET: target } },
  )
  if (status === 0) return true
  console.error(`fuzz:guided: ${target}: FAILED (${signal ?? status}); the input is in ${findings}`)
  return false
}

function keep(target: string, folder: string): boolean {
  const program = fileURLToPath(new URL("keep.js", import.meta.url))
  return spawnSync(process.execPath, [program, target, folder], { stdio: "inherit" }).status === 0
}

const cli = jazzer(join(root, "test/peers/fuzzing"))
if (typeof cli !== "string") {
  console.error(`fuzz:guided: ${cli.reason}`)
  process.exit(1)
}
mkdirSync(findings, { recursive: true })
for (const target of wanted) {
  const folder = folderOf(target)
  if (!search(cli, target, folder)) process.exitCode = 1
  if (values.keep && !keep(target, folder)) process.exitCode = 1
}

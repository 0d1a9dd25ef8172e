// Lists the built test files and hands them to Node's runner: Node 20 knows no globs.
// Arguments that do not start with "-" keep the files whose path contains one of them;
// the others go to the runner as they are.
import { spawnSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const args = process.argv.slice(2)
const wanted = args.filter((arg) => !arg.startsWith("-"))
const flags = args.filter((arg) => arg.startsWith("-"))

// Each file must end with nothing of the library's left open.
const watch = new URL("../build/test/leaks/every-file.js", import.meta.url).href

// A terminal gets what Node shows there.
const reporter = new URL("tap-with-failures.mjs", import.meta.url).href
const reporting =
  process.stdout.isTTY || flags.some((flag) => flag.startsWith("--test-reporter"))
    ? []
    : [`--test-reporter=${reporter}`, "--test-reporter-destination=stdout"]

const files = readdirSync(`${root}build/test`, { recursive: true, encoding: "utf8" })
  .map((file) => `build/test/${file.replaceAll("\\", "/")}`)
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()

if (files.length === 0) {
  console.error(`No test file found for: ${wanted.join(" ") || "(all)"}`)
  process.exit(1)
}

// Without it libzmq makes the files of ipc://* where we are.
const env = { ...process.env, TMPDIR: process.env.TMPDIR || tmpdir() }

const run = spawnSync(
  process.execPath,
  [
    "--test",
    "--test-concurrency=3",
    // For some versions of Node it is a whole file's time. What waits for something else has a limit of its own.
    "--test-timeout=300000",
    "--enable-source-maps",
    "--import",
    watch,
    ...reporting,
    ...flags,
    ...files,
  ],
  { cwd: root, env, stdio: "inherit" },
)
process.exit(run.status ?? 1)

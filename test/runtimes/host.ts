// Plays the checks in the runtime that runs this. Arguments: the Node that plays the other side, how this runtime runs
// programs (JSON), and parts of names of checks, if not all are wanted. Says a line of JSON for each check.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Checks, playChecks } from "./check.js"
import { processChecks } from "./process-checks.js"
import { securityChecks } from "./security-checks.js"
import { socketChecks } from "./socket-checks.js"
import { trafficChecks } from "./traffic-checks.js"

const [node = "", self = "[]", ...parts] = process.argv.slice(2)
const all: Checks = { ...trafficChecks, ...socketChecks, ...securityChecks, ...processChecks }
const wanted = Object.entries(all).filter(
  ([name]) => parts.length === 0 || parts.some((part) => name.includes(part)),
)
const folder = mkdtempSync(join(tmpdir(), "puremq-checks-"))

await playChecks(
  Object.fromEntries(wanted),
  {
    node,
    self: JSON.parse(self) as string[],
    path: (name) => join(folder, name),
    program: (name) => fileURLToPath(new URL(name, import.meta.url)),
  },
  (outcome) => console.log(JSON.stringify(outcome)),
)
rmSync(folder, { recursive: true, force: true })
console.log("all played")
process.exit()

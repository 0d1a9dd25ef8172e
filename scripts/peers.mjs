// Installs the peers of test/peers/package.json once, where the platform has them; with an argument those of its folder
// `runtimes`, which are several hundred megabytes, `mutation` or `fuzzing`. On a machine where they cannot be had their
// tests are skipped with a printed reason, unless PUREMQ_PEERS=required.
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const part = process.argv[2] === undefined ? "" : `${process.argv[2]}/`
const folder = fileURLToPath(new URL(`../test/peers/${part}`, import.meta.url))
const stamp = `${folder}node_modules/.stamp`
const wanted = `${process.platform} ${process.arch} ${readFileSync(`${folder}package-lock.json`, "utf8")}`

if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) process.exit(0)

const windows = process.platform === "win32"
const install = spawnSync(windows ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"], {
  cwd: folder,
  encoding: "utf8",
  shell: windows,
})
if (install.status === 0) {
  writeFileSync(stamp, wanted)
} else {
  const said =
    install.error?.message || install.stderr || install.stdout || `npm ended with ${install.status}`
  const reason = said.trim().split("\n").slice(0, 3).join(" ")
  console.warn(
    `The peers of test/peers/${part} could not be installed; their tests will be skipped. ${reason}`,
  )
  if (process.env.PUREMQ_PEERS === "required") process.exit(1)
}

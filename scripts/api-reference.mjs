// Makes the API reference in docs/api of the comments in src/, with a TypeDoc that is installed for it alone: it knows no
// TypeScript 7, and so brings a compiler of its own. A warning of TypeDoc's is a failure.
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL("../docs/", import.meta.url))
const stamp = `${folder}node_modules/.stamp`
const wanted = readFileSync(`${folder}package-lock.json`, "utf8")

function run(command, ...args) {
  const windows = process.platform === "win32" && command === "npm"
  const { status } = spawnSync(windows ? "npm.cmd" : command, args, {
    cwd: folder,
    stdio: "inherit",
    shell: windows,
  })
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  run("npm", "ci", "--no-audit", "--no-fund")
  writeFileSync(stamp, wanted)
}
run(process.execPath, "node_modules/typedoc/bin/typedoc")

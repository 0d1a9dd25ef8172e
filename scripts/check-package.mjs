// Packs the package, looks at its size, and lets publint and are-the-types-wrong look at the tarball.
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const MOST_BYTES = 420_000

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "puremq-pack-"))

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" })
  if (status === 0) return stdout
  fail(`${command} ${args.join(" ")}\n${stdout}${stderr}`)
}

function fail(message) {
  console.error(message)
  rmSync(folder, { recursive: true, force: true })
  process.exit(1)
}

const packed = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder]))
const [{ filename, size, files }] = Array.isArray(packed) ? packed : Object.values(packed)
if (!(size <= MOST_BYTES)) fail(`The tarball has ${size} bytes, more than ${MOST_BYTES}.`)
// Whoever debugs a program on Node sees the TypeScript's lines; modules for pages are minified, and have no map.
const paths = new Set(files.map(({ path }) => path))
for (const path of paths) {
  if (/^dist\/[^/]+\.js$/.test(path) && !paths.has(`${path}.map`)) fail(`${path} has no source map.`)
}
const tarball = join(folder, filename)
run("npx", ["publint", tarball, "--strict"])
run("npx", ["attw", tarball])
rmSync(folder, { recursive: true, force: true })

// Line and branch coverage of src/, by what the tests of every layer run: `npm run coverage`. Most of them run the bundles
// of dist/, unit tests the modules there one by one, and the command line runs in children; the coverage of all of it
// leads through maps to src/ and is added up there. `npm run coverage -- report` reports the last run once more, and
// other arguments choose tests, as in test.mjs.
import { spawnSync } from "node:child_process"
import { readFileSync, rmSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { CoverageReport } from "monocart-coverage-reports"

/** The least share in percent of lines, and of branches, that the tests run; of all of src/ and of two of its folders. */
const BOUNDS = { "src/": [95, 90], "src/wire/": [95, 0], "src/security/": [95, 0] }
const PARTS = ["unit", "suites", "wire", "security", "api", "auth", "fuzz", "cli", "process"]

const root = fileURLToPath(new URL("..", import.meta.url))
const raw = join(root, "build/coverage/v8")
const args = process.argv.slice(2)
/** Chosen tests run less than the bounds ask for. */
const isWhole = args.length === 0 || args[0] === "report"

if (args[0] !== "report") {
  rmSync(raw, { recursive: true, force: true })
  const parts = args.length > 0 ? args : PARTS.map((part) => `test/${part}/`)
  const run = spawnSync(process.execPath, [join(root, "scripts/test.mjs"), "--test-reporter=dot", ...parts], {
    env: { ...process.env, NODE_V8_COVERAGE: raw },
    stdio: "inherit",
  })
  if (run.status !== 0) process.exit(run.status ?? 1)
}

/** The map of a module in dist/, with the text of its sources, which the map that is published goes without. */
function mapOf(url) {
  const file = fileURLToPath(url)
  const map = JSON.parse(readFileSync(`${file}.map`, "utf8"))
  const sources = map.sources.map((source) => resolve(dirname(file), map.sourceRoot ?? "", source))
  return {
    ...map,
    sourceRoot: "",
    sources,
    sourcesContent: sources.map((path) => readFileSync(path, "utf8")),
  }
}

const report = new CoverageReport({
  name: "puremq",
  outputDir: join(root, "build/coverage/report"),
  reports: ["lcovonly", "json"],
  clean: true,
  logging: "error",
  baseDir: root,
  entryFilter: ({ url }) => url.startsWith(`file://${root}dist/`) && !url.includes("/dist/browser/"),
  sourceFilter: (path) => path.includes("src/"),
  sourcePath: (path) => path.replace(/^.*?(?=\bsrc\/)/, ""),
  sourceMapResolver: (url, resolved) =>
    url.startsWith("file:") ? mapOf(url.replace(/\.map$/, "")) : resolved(url),
})
await report.addFromDir(raw)
const { files } = await report.generate()

/** Adds the counts of the files in a folder. */
function countsOf(folder) {
  const counts = { lines: { covered: 0, total: 0 }, branches: { covered: 0, total: 0 } }
  for (const { sourcePath, summary } of files) {
    if (!sourcePath.startsWith(folder)) continue
    for (const kind of ["lines", "branches"]) {
      counts[kind].covered += summary[kind].covered
      counts[kind].total += summary[kind].total
    }
  }
  return counts
}

const share = ({ covered, total }) => (total === 0 ? 100 : (covered / total) * 100)
const folders = [...new Set(files.map(({ sourcePath }) => `${dirname(sourcePath)}/`))].sort()
let failed = false
for (const folder of new Set(["src/", ...folders, ...Object.keys(BOUNDS)])) {
  const { lines, branches } = countsOf(folder)
  const [leastLines, leastBranches] = BOUNDS[folder] ?? [0, 0]
  const low = isWhole && (share(lines) < leastLines || share(branches) < leastBranches)
  failed ||= low
  console.log(
    `${folder.padEnd(28)} lines ${share(lines).toFixed(1).padStart(5)}% of ${String(lines.total).padEnd(6)}` +
      ` branches ${share(branches).toFixed(1).padStart(5)}% of ${String(branches.total).padEnd(6)}` +
      `${low ? ` FAILED: at least ${leastLines}% and ${leastBranches}%` : ""}`,
  )
}
process.exit(failed ? 1 : 0)

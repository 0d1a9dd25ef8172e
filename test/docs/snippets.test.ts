// What the README and the pages of docs/ show is compiled against the published types, run, and prints what they say.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { fileURLToPath } from "node:url"
import { fromRoot } from "../interop/package-root.js"
import { Program } from "../interop/process.js"
import { vacantPort } from "../suites/vacant-port.js"
import { type Module, modulesOf, sourceOf } from "./markdown.js"
import { pages as files } from "./pages.js"

const pages = files.map((file) => ({ file, modules: modulesOf(file, readFileSync(fromRoot(file), "utf8")) }))
const modules = pages.flatMap((page) => page.modules)

/** Inside the package, where its own name leads to what is published. */
const folder = fromRoot("build/snippets")
const fileOf = (module: Module): string => module.name.replace(/\.md:/, "-").replaceAll("/", "-")

describe("code in the documentation", () => {
  let sockets = ""
  before(() => {
    sockets = mkdtempSync(join(tmpdir(), "puremq-docs-"))
  })
  after(() => rmSync(sockets, { recursive: true }))

  test("is right, says the compiler", async () => {
    assert.ok(modules.length >= 3, "the README has three blocks at least")
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const module of modules) {
      const ports: number[] = []
      for (let i = 0; i < 8; i++) ports.push(await vacantPort())
      const source = sourceOf(module, () => ports.pop() as number, sockets)
      writeFileSync(join(folder, `${fileOf(module)}.ts`), source)
    }
    const settings = {
      extends: "../../tsconfig.base.json",
      compilerOptions: {
        composite: false,
        declaration: false,
        isolatedDeclarations: false,
        noUnusedLocals: false,
      },
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings))
    const compiler = fromRoot("node_modules/typescript/bin/tsc")
    const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder], {
      cwd: folder,
      encoding: "utf8",
    })
    assert.equal(stdout, "", "each file is named after a page and a line; its lines are those of the page")
  })

  for (const page of pages) {
    const running = page.modules.filter((module) => module.notRun === undefined)
    if (running.length === 0) continue
    test(`runs, and prints what it says it does: ${page.file}`, async () => {
      const paths = running.map((module) => join(folder, `${fileOf(module)}.js`))
      const script = fileURLToPath(new URL("run.js", import.meta.url))
      await using program = new Program(process.execPath, ["--enable-source-maps", script, ...paths])
      await program.success()
      for (const [at, module] of running.entries()) {
        const begin = program.lines.indexOf(`@begin ${paths[at]}`)
        const end = program.lines.indexOf(`@end ${paths[at]}`)
        assert.ok(begin >= 0 && end > begin, `${module.name} did not end`)
        assertSaid(module, program.lines.slice(begin + 1, end))
      }
    })
  }
})

/** Each line that it promises, in this order; others may stand between them. */
function assertSaid({ name, output }: Module, lines: readonly string[]): void {
  let from = 0
  for (const line of output) {
    const pattern = new RegExp(`^${line.split("…").map(escaped).join(".*")}$`)
    const at = lines.findIndex((said, index) => index >= from && pattern.test(said))
    assert.ok(at >= 0, `${name} did not print "${line}" in its turn, but:\n${lines.join("\n")}`)
    from = at + 1
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
}

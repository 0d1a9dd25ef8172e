// The pages of the documentation lead where they say, and know all examples.
import assert from "node:assert/strict"
import { existsSync, readFileSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { test } from "node:test"
import { fromRoot } from "../interop/package-root.js"
import { listed, pages } from "./pages.js"

const textOf = (file: string): string => readFileSync(fromRoot(file), "utf8")

/** The page without its code, where brackets are no links. */
function proseOf(page: string): string {
  return textOf(page)
    .replace(/^```[\s\S]*?^```/gm, "")
    .replace(/`[^`\n]*`/g, "x")
}

/** Headings as GitHub makes anchors of them. */
function anchorsOf(page: string): Set<string> {
  const headings = textOf(page)
    .replace(/^```[\s\S]*?^```/gm, "")
    .matchAll(/^#+ (.+)$/gm)
  return new Set(
    Array.from(headings, ([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  )
}

test("links lead to pages and headings that are there", () => {
  let links = 0
  for (const page of pages) {
    for (const [, target = ""] of proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      links++
      const [path, anchor] = target.split("#")
      const file = path ? join(dirname(page), path) : page
      assert.ok(existsSync(fromRoot(file)), `${page} leads to ${target}`)
      if (anchor !== undefined) assert.ok(anchorsOf(file).has(anchor), `${page} leads to ${target}`)
    }
  }
  assert.ok(links > 10)
})

test("commands of the pages, and of the examples, name programs that are there", () => {
  const sources = listed("examples").filter((file) => file.endsWith(".ts"))
  for (const file of [...pages, ...sources]) {
    for (const [, program] of textOf(file).matchAll(/node build\/(examples\/[\w/-]+)\.js/g)) {
      assert.ok(sources.includes(`${program}.ts`), `${file} says node build/${program}.js`)
    }
  }
})

test("docs/examples.md tells how to run every program of examples/", () => {
  const page = textOf("docs/examples.md")
  const programs = listed("examples").filter(
    (file) =>
      statSync(fromRoot(file)).isFile() && textOf(file).includes(`node build/${file.replace(/ts$/, "js")}`),
  )
  assert.ok(programs.length >= 20)
  for (const file of programs) assert.ok(page.includes(`node build/${file.replace(/ts$/, "js")}`), file)
})

test("docs/README.md leads to every page", () => {
  const index = textOf("docs/README.md")
  for (const page of pages) {
    if (!page.startsWith("docs/") || page === "docs/README.md") continue
    assert.ok(index.includes(`](${page.slice("docs/".length)})`), `${page} is not in the index`)
  }
})

test("scripts that the pages name are there", () => {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> }
  let named = 0
  for (const page of pages) {
    for (const [, script = ""] of textOf(page).matchAll(/\bnpm run ([a-z][a-z:]*)/g)) {
      named++
      assert.ok(Object.hasOwn(scripts, script), `${page} says npm run ${script}`)
    }
  }
  assert.ok(named > 10)
})

test("commands of puremq that the pages show are there, with their options", () => {
  const help = textOf("docs/cli.md")
  const sections = new Map(
    help.split(/^### /m).map((section) => [section.slice(0, section.indexOf("\n")), section]),
  )
  let shown = 0
  for (const page of pages) {
    for (const [, block = ""] of textOf(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)) {
      const commands = block
        .replaceAll("\\\n", " ")
        .matchAll(/(?:^|[|&;(] ?|npx )puremq ([a-z]+)([^|&;#\n]*)/gm)
      for (const [, command = "", rest = ""] of commands) {
        shown++
        const section = sections.get(command)
        assert.ok(section !== undefined, `${page} says puremq ${command}`)
        for (const [, option = ""] of rest.matchAll(/\s(--?[a-z0-9][a-z-]*)/g)) {
          const known = new RegExp(`(^|[ ,])${option}\\b`, "m")
          assert.match(section, known, `${page} says puremq ${command} ${option}`)
        }
      }
    }
  }
  assert.ok(shown > 3)
})

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

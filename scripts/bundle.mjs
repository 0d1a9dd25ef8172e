// Joins dist/index.js or dist/browser.js and all that it imports into the modules that are published: dist/puremq.js for Node, whose
// loader takes about half a millisecond for each module, and there are 80; and those of dist/browser/ for browsers.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rollup } from "rollup"
import { minify } from "terser"

const root = fileURLToPath(new URL("..", import.meta.url))
const { dependencies, imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

/** Finds modules as they are where `condition` holds. */
function compiled(condition) {
  return {
    name: "compiled",
    resolveId: (source) => {
      if (!Object.hasOwn(imports, source)) return null
      return join(root, imports[source][condition] ?? imports[source])
    },
    // With its map, so that the bundle's map leads to the TypeScript: stacks name its files and lines. The text itself
    // would be a third of the package; the bundle keeps names and comments.
    load: (file) => ({
      code: readFileSync(file, "utf8"),
      map: JSON.parse(readFileSync(`${file}.map`, "utf8")),
    }),
  }
}

/** Joins the modules for one platform. */
function joined(entry, condition, external, treeshake) {
  return rollup({
    input: join(root, entry),
    external,
    plugins: [compiled(condition)],
    treeshake,
    // What is loaded later takes what it shares from the entry, which has some names more for that.
    preserveEntrySignatures: "allow-extension",
    onLog: (_, { message }) => {
      throw new Error(message)
    },
  })
}

const packages = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`))
const forNode = await joined("dist/index.js", "default", [/^node:/, ...packages], false)
const { output } = await forNode.write({
  file: join(root, "dist/puremq.js"),
  inlineDynamicImports: true,
  sourcemap: true,
  sourcemapExcludeSources: true,
})

// Where two modules have the same name for something, one of them gets another; users see those of classes.
const renamed = output[0].code.match(/\bclass \w+\$\d+/)
if (renamed !== null) throw new Error(`Two modules have a class of one name: ${renamed[0]}`)

// What CURVE needs is loaded when it is used, and so in modules of its own; there is nothing else to import from in a
// browser. Small, since pages may load it as it is: stacks name methods, which keep their names, as do classes of users.
const forBrowsers = await joined("dist/browser.js", "browser", packages, true)
const { output: parts } = await forBrowsers.generate({
  entryFileNames: "puremq.js",
  chunkFileNames: "[name].js",
})
const NAMED =
  /^(\w*Error|X?(Publisher|Subscriber)|Dealer|Pair|Pull|Push|Reply|Request|Router|Context|Observer|Proxy)$/
const folder = join(root, "dist/browser")
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
for (const { code, fileName } of parts) {
  const small = await minify(code, {
    module: true,
    keep_classnames: NAMED,
    compress: { passes: 3, ecma: 2020 },
  })
  writeFileSync(join(folder, fileName), small.code)
}

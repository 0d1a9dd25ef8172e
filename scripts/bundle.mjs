// Joins dist/index.js and all that it imports into dist/puremq.js, the one module that is published: Node's
// loader takes about half a millisecond for each module, and there are 80.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { rollup } from "rollup"

const root = fileURLToPath(new URL("..", import.meta.url))
const { dependencies, imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

const compiled = {
  name: "compiled",
  resolveId: (source) => (Object.hasOwn(imports, source) ? join(root, imports[source]) : null),
  // With its map, so that the bundle's map leads to the TypeScript: stacks name its files and lines. The text itself
  // would be a third of the package; the bundle keeps names and comments.
  load: (file) => ({
    code: readFileSync(file, "utf8"),
    map: JSON.parse(readFileSync(`${file}.map`, "utf8")),
  }),
}

const bundle = await rollup({
  input: join(root, "dist/index.js"),
  external: [/^node:/, ...Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`))],
  plugins: [compiled],
  // The modules of the sockets install methods on prototypes.
  treeshake: false,
  onLog: (_, { message }) => {
    throw new Error(message)
  },
})
const { output } = await bundle.write({
  file: join(root, "dist/puremq.js"),
  sourcemap: true,
  sourcemapExcludeSources: true,
})

// Where two modules have the same name for something, one of them gets another; users see those of classes.
const renamed = output[0].code.match(/\bclass \w+\$\d+/)
if (renamed !== null) throw new Error(`Two modules have a class of one name: ${renamed[0]}`)

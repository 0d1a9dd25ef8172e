// Joins the modules of src/, compiled without their comments, into those that are published: in dist/ for Node, whose
// loader takes about half a millisecond for each module, and there are 150; and in dist/browser/ for pages. Puts the
// declarations that users see beside them.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { rollup } from "rollup"
import { minify } from "terser"

/** What users import: the name of each published module and the module that it comes from, the main one first. */
const NODE_ENTRIES = {
  puremq: "entry.js",
  "puremq-draft": "draft-entry.js",
  "puremq-v5-compat": "v5-compat/entry.js",
}
/** What is run: the command line, which users who import the rest do not load. */
const PROGRAMS = { cli: "cli/main.js" }
const BROWSER_ENTRIES = { puremq: "browser.js", "puremq-draft": "draft.js" }

const root = fileURLToPath(new URL("..", import.meta.url))
const { dependencies, imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const packages = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`))

/** Finds modules as they are where `condition` holds. */
function compiled(condition) {
  return {
    name: "compiled",
    resolveId: (source) => {
      if (!Object.hasOwn(imports, source)) return null
      return join(root, (imports[source][condition] ?? imports[source]).replace("./dist/", "build/plain/"))
    },
    // With its map, so that the bundle's map leads to the TypeScript: stacks name its files and lines. The text itself
    // would be a third of the package, and comments another; the bundle keeps names.
    load: (file) => ({
      code: readFileSync(file, "utf8"),
      map: JSON.parse(readFileSync(`${file}.map`, "utf8")),
    }),
  }
}

/** Joins the modules for one platform. */
function joined(entries, condition, external, treeshake) {
  return rollup({
    input: Object.fromEntries(
      Object.entries(entries).map(([name, file]) => [name, join(root, "build/plain", file)]),
    ),
    external,
    plugins: [compiled(condition)],
    treeshake,
    onLog: (_, { message }) => {
      throw new Error(message)
    },
    // Where the main module is one with what it shares, that has some names more.
    preserveEntrySignatures: "allow-extension",
  })
}

/** A module and all that it imports: at once, and `later`, by `import()`, too. */
function modulesFrom(file, getModuleInfo, later) {
  const modules = new Set([file])
  for (const id of modules) {
    const { importedIds, dynamicallyImportedIds } = getModuleInfo(id)
    for (const imported of later ? [...importedIds, ...dynamicallyImportedIds] : importedIds)
      modules.add(imported)
  }
  return modules
}

/** Puts what `entry` comes from and needs, in the sense of {@link modulesFrom}, into the chunk of this name. */
function chunkOf(name, entry, later) {
  const file = join(root, "build/plain", entry)
  let modules
  return (id, { getModuleInfo }) => {
    modules ??= modulesFrom(file, getModuleInfo, later)
    return modules.has(id) ? name : undefined
  }
}

// The main module for Node has no names but those of users, so all that it needs is in a module besides, which the
// others take it from: there is one of each class.
const coreOf = chunkOf("puremq-core", NODE_ENTRIES.puremq, true)
const nodeEntries = { ...NODE_ENTRIES, ...PROGRAMS }
const nodeFiles = Object.values(nodeEntries).map((file) => join(root, "build/plain", file))
const forNode = await joined(nodeEntries, "default", [/^node:/, ...packages], false)
const { output } = await forNode.write({
  dir: join(root, "dist"),
  manualChunks: (id, tools) => (nodeFiles.includes(id) ? undefined : coreOf(id, tools)),
  chunkFileNames: "[name].js",
  sourcemap: true,
  sourcemapExcludeSources: true,
})

// Where two modules have the same name for something, one of them gets another; users see those of classes.
for (const { code = "", fileName, isEntry, name } of output) {
  if (isEntry === false && name !== "puremq-core") {
    throw new Error(
      `${fileName} would be a module of its own: the main one does not need it, and others share it.`,
    )
  }
  const renamed = code.match(/\bclass \w+\$\d+/)
  if (renamed !== null) throw new Error(`Two modules have a class of one name: ${renamed[0]}`)
}

// What CURVE needs is loaded when it is used, and so in modules of its own; there is nothing else to import from in a
// browser. Small, since pages may load it as it is: stacks name methods, which keep their names, as do classes of users.
const forBrowsers = await joined(BROWSER_ENTRIES, "browser", packages, true)
const { output: parts } = await forBrowsers.generate({
  manualChunks: chunkOf("puremq", BROWSER_ENTRIES.puremq, false),
  chunkFileNames: "[name].js",
})
const NAMED =
  /^(\w*Error|X?(Publisher|Subscriber)|Dealer|Pair|Pull|Push|Reply|Request|Router|Context|Observer|Channel|Client|Datagram|Dish|Gather|Peer|Radio|Scatter|Server)$/
const browserFolder = join(root, "dist/browser")
rmSync(browserFolder, { recursive: true, force: true })
mkdirSync(browserFolder)
for (const { code, fileName } of parts) {
  // Fields that begin without a value are undefined unsaid too, and statements apart compress better than joined ones.
  const short = code.replace(/^ {4}\w+;\n/gm, "")
  const small = await minify(short, {
    module: true,
    keep_classnames: NAMED,
    compress: { passes: 3, ecma: 2020, sequences: false },
  })
  writeFileSync(join(browserFolder, fileName), small.code)
}

/** Copies a declaration, and those that it names, from dist/ to a folder there. */
function copyDeclarations(path, folder, copied) {
  if (copied.has(path)) return
  copied.add(path)
  const source = join(root, "dist", path)
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  copyFileSync(source, join(folder, path))
  for (const [, name] of readFileSync(source, "utf8").matchAll(
    /(?:from|import|module) ?\(?"(\.[^"]+)\.js"/g,
  )) {
    copyDeclarations(join(dirname(path), `${name}.d.ts`), folder, copied)
  }
}

// The declarations that users see, without those of the inside that nobody can name. Once more for whoever gets the
// same modules by require(), which Node can do: there a compiler asks for declarations of CommonJS.
const commonJs = join(root, "dist/cjs")
for (const folder of [join(root, "dist/types"), commonJs]) {
  rmSync(folder, { recursive: true, force: true })
  const copied = new Set()
  for (const entry of [...Object.values(NODE_ENTRIES), BROWSER_ENTRIES.puremq]) {
    copyDeclarations(entry.replace(/\.js$/, ".d.ts"), folder, copied)
  }
}
writeFileSync(join(commonJs, "package.json"), '{ "type": "commonjs" }\n')
for (const name of Object.keys(PROGRAMS)) chmodSync(join(root, "dist", `${name}.js`), 0o755)
for (const { fileName, exports: names, name } of output) {
  if (!Object.hasOwn(NODE_ENTRIES, name)) continue
  const code = [
    `Object.defineProperty(exports, "__esModule", { value: true })`,
    `const it = require("../${fileName}")`,
    // What is required is the default: of a module compiled to CommonJS too, which looks for that name, but for no other.
    `Object.defineProperty(exports, "default", { value: exports })`,
    ...names.filter((name) => name !== "default").map((name) => `exports.${name} = it.${name}`),
  ]
  writeFileSync(join(commonJs, fileName), `${code.join("\n")}\n`)
}

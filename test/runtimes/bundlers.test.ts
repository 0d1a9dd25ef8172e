// Programs bundled for Node and for browsers. Those for Node are run; those for browsers run as far as Node has what
// browsers have, and must not name anything of Node's.
import assert from "node:assert/strict"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { type TestContext, test } from "node:test"
import { fileURLToPath, pathToFileURL } from "node:url"
import { fromRoot } from "../interop/package-root.js"
import { start } from "../interop/process.js"
import { peers } from "./runtimes.js"

type Target = "node" | "browser"
/** Bundles `entry` into the folder; the file to run is `out.mjs`. */
type Bundle = (entry: string, folder: string, target: Target) => Promise<void>

const load = createRequire(fromRoot("test/peers/runtimes/package.json"))
/** Typed as what is called; the packages are not installed where the compiler runs. */
// biome-ignore lint/suspicious/noExplicitAny: see above
const library = async (name: string): Promise<any> => {
  const loaded = await import(pathToFileURL(load.resolve(name)).href)
  return loaded.default ?? loaded
}

const esbuild: Bundle = async (entry, folder, target) => {
  const { build } = await library("esbuild")
  await build({
    entryPoints: { out: entry },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: target,
    target: "es2022",
    logLevel: "error",
  })
}

const rollup: Bundle = async (entry, folder, target) => {
  const { rollup } = load("rollup")
  const resolve = load("@rollup/plugin-node-resolve")
  const bundle = await rollup({
    input: entry,
    external: [/^node:/],
    plugins: [
      (resolve.default ?? resolve)({ browser: target === "browser", preferBuiltins: target === "node" }),
    ],
    onLog: () => {},
  })
  await bundle.write({
    dir: folder,
    format: "es",
    entryFileNames: "out.mjs",
    chunkFileNames: "[name]-[hash].mjs",
  })
}

const vite: Bundle = async (entry, folder, target) => {
  const { build } = await import(pathToFileURL(fromRoot(`${peers}/vite/dist/node/index.js`)).href)
  const output = { entryFileNames: "out.mjs", chunkFileNames: "[name]-[hash].mjs" }
  await build({
    configFile: false,
    root: dirname(entry),
    logLevel: "error",
    ...(target === "node" && { ssr: { noExternal: true } }),
    build: {
      outDir: folder,
      target: "es2022",
      minify: false,
      ...(target === "node"
        ? { ssr: entry, rollupOptions: { output } }
        : { rollupOptions: { input: entry, output }, modulePreload: false }),
    },
  })
}

const webpack: Bundle = async (entry, folder, target) => {
  const compile = load("webpack")
  await new Promise<void>((resolve, reject) => {
    const compiler = compile({
      mode: "production",
      context: fromRoot("."),
      entry,
      target: target === "node" ? "node20" : ["web", "es2022"],
      output: {
        path: folder,
        filename: "out.mjs",
        chunkFilename: "[name].mjs",
        module: true,
        library: { type: "module" },
        chunkFormat: "module",
        chunkLoading: "import",
      },
      experiments: { outputModule: true },
      optimization: { minimize: false },
      devtool: false,
      performance: false,
    })
    compiler.run((error: Error | null, stats: { hasErrors(): boolean; toString(o: string): string }) => {
      if (error) reject(error)
      else if (stats.hasErrors()) reject(new Error(stats.toString("errors-only")))
      else resolve()
    })
  })
}

function emptyFolder(t: TestContext): string {
  // In the package, so that what is loaded by name, such as ws, is found as it is beside a user's program.
  mkdirSync(fromRoot("build/bundles"), { recursive: true })
  const folder = mkdtempSync(fromRoot("build/bundles/bundle-"))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const answer = "answer to question"

for (const [name, bundle] of Object.entries({ esbuild, rollup, vite, webpack })) {
  const missing = !existsSync(fromRoot(`${peers}/${name}`)) && `${peers} has no ${name}`
  const skip = process.env.PUREMQ_PEERS !== "required" && missing

  test(`${name} bundles for Node`, { skip }, async (t) => {
    const folder = emptyFolder(t)
    await bundle(program("bundled-node.js"), folder, "node")
    await using run = start(process.execPath, join(folder, "out.mjs"))
    await run.success()
    assert.deepEqual(run.lines, [answer, answer, answer, answer, "sealed"])
  })

  test(`${name} bundles for browsers`, { skip }, async (t) => {
    const folder = emptyFolder(t)
    await bundle(program("bundled.js"), folder, "browser")
    for (const file of readdirSync(folder)) {
      assert.doesNotMatch(
        readFileSync(join(folder, file), "utf8"),
        /from ?["']node:|require\(["']node:/,
        file,
      )
    }
    await using run = start(process.execPath, join(folder, "out.mjs"))
    await run.success()
    assert.deepEqual(run.lines, [answer])
  })
}

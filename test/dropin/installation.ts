// Folders in which npm has installed the packed library under the name of zeromq.js, beside packages that need that.
import { execFile } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { type Module, modulesOf, sourceOf } from "../docs/markdown.js"
import { fromRoot } from "../interop/package-root.js"
import { vacantPort } from "../suites/vacant-port.js"

const run = promisify(execFile)

/** Milliseconds that npm may take for one thing. */
const PATIENCE = 80_000

const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|E50\d|ENOENT.*npm/

export interface Installation {
  /** Where packages are that need zeromq.js 6, and programs that do. */
  readonly today: string
  /** Where packages are that need zeromq.js 4 or 5: they get `puremq/v5-compat`. */
  readonly old: string
  remove(): void
}

/** Or why nothing could be installed: no registry can be reached. Rejects for any other reason. */
export async function install(): Promise<Installation | string> {
  const root = mkdtempSync(join(tmpdir(), "puremq-dropin-"))
  const remove = (): void => rmSync(root, { recursive: true, force: true })
  try {
    const tarball = await pack(root)
    const [today, old] = await Promise.all([
      folder(join(root, "today"), {
        zeromq: tarball,
        "@dashevo/dashd-zmq": "1.2.1",
        "enchannel-zmq-backend": "10.0.0",
        rxjs: "7.8.2",
      }),
      folder(join(root, "old"), {
        puremq: tarball,
        zeromq: oldZeromq(join(root, "old/zeromq-5")),
        jmp: "2.0.0",
        zerorpc: "0.9.8",
      }),
    ])
    return { today, old, remove }
  } catch (error) {
    remove()
    const said = String((error as { stderr?: unknown }).stderr ?? error)
    const late = (error as { killed?: unknown }).killed === true
    if (process.env.PUREMQ_PEERS === "required" || !(late || UNREACHABLE.test(said))) throw error
    if (late) return `npm took more than ${PATIENCE} ms to install what depends on zeromq.js`
    return `npm cannot install what depends on zeromq.js: ${said.trim().split("\n", 1)[0]}`
  }
}

async function pack(into: string): Promise<string> {
  await npm(fromRoot(""), "pack", "--ignore-scripts", "--pack-destination", into)
  return `file:${join(into, readdirSync(into).find((file) => file.endsWith(".tgz")) as string)}`
}

/** Installs `dependencies`, and ours wherever one of them wants zeromq.js. */
async function folder(path: string, dependencies: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(path, { recursive: true })
  const manifest = { private: true, dependencies, overrides: { zeromq: "$zeromq" } }
  writeFileSync(join(path, "package.json"), JSON.stringify(manifest))
  await npm(path, "install", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")
  cpSync(fromRoot("test/dropin/users"), path, { recursive: true })
  return path
}

/** What one puts in the place of zeromq.js 5, whose main entry is the old API. */
function oldZeromq(path: string): string {
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, "package.json"), '{ "name": "zeromq", "version": "5.3.1", "main": "main.js" }')
  writeFileSync(join(path, "main.js"), 'module.exports = require("puremq/v5-compat")')
  return `file:${path}`
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const windows = process.platform === "win32"
  await run(windows ? "npm.cmd" : "npm", args, { cwd, shell: windows, timeout: PATIENCE })
}

/**
 * Compiles the examples of zeromq.js as CommonJS in the folder `today`, against the types that are installed there. Only
 * their ports are others, which are free here.
 */
export async function compileExamples(today: string): Promise<string> {
  const source = join(today, "examples")
  const compiled = join(today, "compiled")
  cpSync(fromRoot("test/dropin/programs/zeromq.js"), source, { recursive: true })
  for (const example of readdirSync(source, { withFileTypes: true })) {
    if (example.isDirectory()) await movePort(join(source, example.name))
  }
  const compilerOptions = {
    module: "node16",
    target: "es2022",
    strict: true,
    rootDir: ".",
    outDir: compiled,
    types: ["node"],
    typeRoots: [fromRoot("node_modules/@types")],
  }
  writeFileSync(join(source, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts"] }))
  await compile(["-p", source], "The examples do not compile")
  return compiled
}

/** Types in what the README shows first, as TypeScript or as it is; the module to run. */
export async function firstProgram(folder: string, compiles: boolean): Promise<string> {
  const [first] = modulesOf("README.md", readFileSync(fromRoot("README.md"), "utf8"))
  const port = await vacantPort()
  const source = sourceOf(first as Module, () => port, folder)
  const path = join(folder, compiles ? "typed" : "plain")
  writeFileSync(`${path}.${compiles ? "mts" : "mjs"}`, source)
  if (compiles) {
    const types = ["--types", "node", "--typeRoots", fromRoot("node_modules/@types")]
    const settings = ["--ignoreConfig", "--strict", "--module", "nodenext", "--target", "es2022", ...types]
    await compile([...settings, `${path}.mts`], "The first program does not compile")
  }
  return `${path}.mjs`
}

async function compile(args: readonly string[], complaint: string): Promise<void> {
  try {
    await run(process.execPath, [fromRoot("node_modules/typescript/bin/tsc"), ...args])
  } catch (error) {
    throw new Error(`${complaint}:\n${(error as { stdout?: string }).stdout}`)
  }
}

async function movePort(path: string): Promise<void> {
  const port = await vacantPort()
  for (const file of readdirSync(path)) {
    const text = readFileSync(join(path, file), "utf8")
    writeFileSync(join(path, file), text.replaceAll(/tcp:\/\/127\.0\.0\.1:\d+/g, `tcp://127.0.0.1:${port}`))
  }
}

// The mutants of a compiled module, as Stryker's instrumenter makes them: all in one text, each behind a switch.
import { readFileSync } from "node:fs"
import { createRequire, SourceMap } from "node:module"
import { pathToFileURL } from "node:url"

export interface Mutant {
  readonly id: string
  readonly mutator: string
  /** In the TypeScript. */
  readonly lineNumber: number
  /** The compiled line that it begins on. */
  readonly line: string
  /** `what was there → what is there instead`, shortened where it is long. */
  readonly change: string
}

interface Position {
  /** From 0. */
  readonly line: number
  readonly column: number
}

// Of @stryker-mutator/instrumenter, which is not among the dependencies that the compiler sees.
interface StrykerMutant {
  readonly id: string
  readonly mutatorName: string
  readonly replacement: string
  readonly location: { readonly start: Position; readonly end: Position }
  readonly status?: string
}
interface NodePath {
  readonly node: {
    readonly type: string
    readonly value?: unknown
    readonly properties?: readonly unknown[]
    readonly quasis?: readonly { readonly value: { readonly raw: string } }[]
  }
}
interface Instrumenter {
  instrument(
    files: readonly { name: string; content: string; mutate: true }[],
    options: {
      plugins: null
      excludedMutations: string[]
      ignorers: { shouldIgnore(path: NodePath): string | undefined }[]
    },
  ): Promise<{ files: { content: string }[]; mutants: StrykerMutant[] }>
}

/** In test/peers/mutation, which is installed when it is asked for. */
const INSTRUMENTER = "@stryker-mutator/instrumenter"
const SHOWN = 100

let instrumenter: Instrumenter | undefined

async function load(): Promise<Instrumenter> {
  const require = createRequire(`${process.cwd()}/test/peers/mutation/package.json`)
  const { Instrumenter } = await import(pathToFileURL(require.resolve(INSTRUMENTER)).href)
  const silent = (): void => {}
  return new Instrumenter({
    trace: silent,
    debug: silent,
    info: silent,
    warn: console.warn,
    isDebugEnabled: () => false,
  })
}

/** What an error says to its reader is no behaviour, and no test has to know it by heart. */
function isProse({ node }: NodePath): boolean {
  if (node.type === "StringLiteral") return /\w \w/.test(String(node.value))
  if (node.type === "TemplateLiteral")
    return node.quasis?.some(({ value }) => /\w \w/.test(value.raw)) ?? false
  if (node.type !== "ObjectExpression" || node.properties?.length !== 1) return false
  return (node.properties[0] as { key?: { name?: string } }).key?.name === "message"
}

export async function instrument(module: string): Promise<{ source: string; mutants: Mutant[] }> {
  instrumenter ??= await load()
  const content = readFileSync(module, "utf8")
  const map = new SourceMap(JSON.parse(readFileSync(`${module}.map`, "utf8")))
  const { files, mutants } = await instrumenter.instrument([{ name: module, content, mutate: true }], {
    plugins: null,
    excludedMutations: [],
    ignorers: [{ shouldIgnore: (path) => (isProse(path) ? "prose" : undefined) }],
  })
  const lines = content.split("\n")
  return {
    source: files[0]?.content as string,
    mutants: mutants
      .filter(({ status }) => status !== "Ignored")
      .map(({ id, mutatorName, replacement, location: { start, end } }) => ({
        id,
        mutator: mutatorName,
        lineNumber:
          1 + ((map.findEntry(start.line, start.column) as { originalLine?: number }).originalLine ?? -1),
        line: (lines[start.line] as string).trim(),
        change: `${shorten(cut(lines, start, end))} → ${shorten(replacement)}`,
      })),
  }
}

function cut(lines: readonly string[], start: Position, end: Position): string {
  if (start.line === end.line) return (lines[start.line] as string).slice(start.column, end.column)
  const between = lines.slice(start.line + 1, end.line)
  return [lines[start.line]?.slice(start.column), ...between, lines[end.line]?.slice(0, end.column)].join(
    "\n",
  )
}

function shorten(code: string): string {
  const line = code.replace(/\s+/g, " ").trim()
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}

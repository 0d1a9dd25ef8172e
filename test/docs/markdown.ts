// The TypeScript of a Markdown file as modules, each of one block or several.
//
// A block is a module of its own that is compiled and run, unless a comment before it says otherwise:
//   <!-- snippet: continues -->            it is part of the module that the block before it is part of
//   <!-- snippet: with                     it needs code that readers are spared; the comment's other lines
//   const socket = new zmq.Pull() -->
//   <!-- snippet: not run, because … -->   it is compiled only
// and after it, code that readers are spared too, such as what lets the module end:
//   <!-- snippet: then
//   socket.close() -->
// `import * as zmq from "puremq"` is there without being said. `console.log(…) // text` says what is printed; … in the
// text stands for anything.

export interface Module {
  /** File and line of its first block. */
  readonly name: string
  /** The module, each line where it is in the Markdown file. */
  readonly lines: string[]
  /** What it is expected to print, among other things, in this order. */
  readonly output: string[]
  /** Why it is compiled only. */
  notRun?: string
}

const opening = /^```(?:ts|typescript|js|javascript)\s*$/
const directive = /^<!-- snippet: (continues|with|then|not run, because (.+?))(?: -->)?$/
const printed = /^\s*console\.log\(.*\) \/\/ (.+)$/

/** Throws an Error for a comment that it does not understand. */
export function modulesOf(file: string, text: string): Module[] {
  const modules: Module[] = []
  const source = text.split("\n")
  let begun: Module | undefined
  const begin = (line: number): Module => {
    const module = { name: `${file}:${line + 1}`, lines: [], output: [] }
    modules.push(module)
    return module
  }
  const last = (line: number): Module => {
    const module = modules.at(-1)
    if (module === undefined) throw new Error(`${file}:${line + 1}: there is no block before this`)
    return module
  }

  for (let at = 0; at < source.length; at++) {
    const line = source[at] ?? ""
    if (line.startsWith("<!-- snippet:")) {
      const [, word = "", reason] = directive.exec(line) ?? []
      if (word === "") throw new Error(`${file}:${at + 1}: not understood: ${line}`)
      const module: Module = word === "continues" || word === "then" ? last(at) : (begun ?? begin(at))
      if (word !== "then") begun = module
      if (reason !== undefined) module.notRun = reason
      if (line.endsWith("-->")) continue
      for (at++; ; at++) {
        const hidden = source[at]
        if (hidden === undefined) throw new Error(`${file}:${at}: the comment does not end`)
        module.lines[at] = hidden.replace(/-->$/, "")
        if (hidden.endsWith("-->")) break
      }
    } else if (opening.test(line)) {
      const module = begun ?? begin(at)
      begun = undefined
      for (at++; source[at] !== "```"; at++) {
        const code = source[at]
        if (code === undefined) throw new Error(`${file}:${at}: the block does not end`)
        module.lines[at] = code
        const output = printed.exec(code)?.[1]
        if (output !== undefined) module.output.push(output)
      }
    } else if (line.startsWith("```")) {
      // Of another language: nothing in it is for us.
      while (++at < source.length && source[at] !== "```");
    }
  }
  if (begun !== undefined) throw new Error(`${begun.name}: there is no block behind this`)
  return modules
}

/** The module's text, with ports and files that are free in place of those that readers see. */
export function sourceOf({ lines }: Module, freePorts: () => number, folder: string): string {
  const text = Array.from(lines, (line) => line ?? "").join("\n")
  const ports = new Map<string, number>()
  const moved = text
    .replace(/((?:tcp|ws|wss|udp):\/\/[^\s"'`:/]+:)(\d{4,5})\b/g, (_, start: string, port: string) => {
      const free = ports.get(port) ?? freePorts()
      ports.set(port, free)
      return `${start}${free}`
    })
    .replace(/ipc:\/\/\/tmp\//g, `ipc://${folder}/`)
  return /from "puremq"/.test(moved) ? moved : `import * as zmq from "puremq"; ${moved}`
}

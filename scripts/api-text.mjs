// Writes docs/api.txt: what each entry point gives to its users, as the compiler declares it, without comments. A change of
// the API is thereby a change of that file, which whoever reviews it sees. With --print it goes to standard output instead.
//
// It reads the declarations as the compiler prints them (dist/types): statements begin at the start of a line and are
// indented inside. What the public names need of others, such as the tables of options, stands at the end.
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL("../dist/types/", import.meta.url))
const page = new URL("../docs/api.txt", import.meta.url)
const ENTRIES = {
  puremq: "entry.d.ts",
  "puremq/draft": "draft-entry.d.ts",
  "puremq/v5-compat": "v5-compat/entry.d.ts",
}
const BROWSER_ENTRY = "../browser.d.ts"

/** The statements of a file, each as its lines, without comments, members that are private and empty lines. */
function statementsOf(file) {
  const statements = []
  const source = readFileSync(join(folder, file), "utf8").replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "")
  for (const line of source.split("\n")) {
    if (line.trim() === "" || /^\s+private\b|^\s+#private/.test(line)) continue
    if (/^(export|import|declare|interface|type|const|class|function)\b/.test(line)) statements.push([line])
    else if (statements.length > 0) statements.at(-1).push(line)
    else throw new Error(`${file}: not understood: ${line}`)
  }
  return statements.map((lines) => lines.join("\n"))
}

const modules = new Map()

/** What a file declares, what it takes from others, and what it gives: names to statements or to names elsewhere. */
function moduleOf(file) {
  const known = modules.get(file)
  if (known !== undefined) return known
  const module = { file, declared: new Map(), taken: new Map(), given: new Map(), wholes: [], added: [] }
  modules.set(file, module)
  const pathOf = (source) =>
    source.startsWith(".") ? join(dirname(file), source).replace(/\.js$/, ".d.ts") : undefined
  const pairs = (list) =>
    list
      .split(",")
      .map((item) => item.trim().replace(/^type /, ""))
      .filter((item) => item !== "")
      .map((item) => item.split(" as "))

  for (const statement of statementsOf(file)) {
    let found
    if ((found = /^(?:import|export) (?:type )?\{([\s\S]*)\}(?: from "(.+)")?;$/.exec(statement))) {
      const path = found[2] && pathOf(found[2])
      const names = statement.startsWith("import") ? module.taken : module.given
      for (const [name, as = name] of pairs(found[1])) {
        if (found[2] === undefined) names.set(as, { file, name })
        else if (path !== undefined) names.set(as, { file: path, name })
      }
    } else if ((found = /^export \* from "(.+)";$/.exec(statement))) {
      module.wholes.push(pathOf(found[1]))
    } else if ((found = /^export default (\w+);$/.exec(statement))) {
      module.given.set("default", { text: `default: all of it once more, as ${found[1]}` })
    } else if ((found = /^declare module "(.+)" \{\n([\s\S]*)\n\}$/.exec(statement))) {
      moduleOf(pathOf(found[1])).added.push({ module, text: found[2].replace(/^ {4}/gm, "") })
    } else if (!/^(import\b|declare global\b|export type \* )/.test(statement)) {
      found = /^(export )?(?:declare )?(?:abstract )?(?:class|interface|type|const|let|function) (\w+)/.exec(
        statement,
      )
      if (found === null) throw new Error(`${file}: not understood: ${statement}`)
      const [, given, name] = found
      const text = statement.replace(/^export /, "").replace(/^declare /, "")
      module.declared.set(name, [...(module.declared.get(name) ?? []), text])
      if (given) module.given.set(name, { file, name })
    }
  }
  return module
}

/** The names that a file gives, with where each is declared. */
function namesOf(file) {
  const module = moduleOf(file)
  const names = new Map(module.given)
  for (const whole of module.wholes) {
    for (const [name, place] of namesOf(whole)) if (name !== "default") names.set(name, place)
  }
  return names
}

/** Where a name is declared that a file gives or uses; undefined for names of others, such as the language's. */
function declaration({ file, name }) {
  const module = moduleOf(file)
  if (module.declared.has(name)) return { module, name }
  for (const place of [module.given.get(name), module.taken.get(name)]) {
    if (place?.file !== undefined && (place.file !== file || place.name !== name)) return declaration(place)
  }
  for (const whole of module.wholes) {
    const found = declaration({ file: whole, name })
    if (found !== undefined) return found
  }
  return undefined
}

function textOf({ module, name }) {
  const added = module.added.filter(({ text }) => text.startsWith(`interface ${name} `))
  const text = [...module.declared.get(name), ...added.map(({ text }) => text)].join("\n")
  return text.replace(/^.{110,}$/gm, (line) => line.replaceAll(' | "', '\n    | "'))
}

const keyOf = ({ module, name }) => `${module.file} ${name}`
const byName = ([a], [b]) => (a < b ? -1 : 1)
const written = new Set()
const inside = []
const parts = [
  "The public API: each entry point with its names. Made by `npm run docs:api`; a test fails when it is old.",
]

/** Puts down a declaration's names, for those that are declared nowhere above. */
function follow({ module, name }) {
  const texts = [{ module, text: module.declared.get(name).join("\n") }, ...module.added]
  for (const { module: where, text } of texts) {
    for (const [word] of text.matchAll(/\b[A-Za-z]\w*\b/g)) {
      const used = where.declared.has(word) || where.taken.has(word)
      const found = used ? declaration({ file: where.file, name: word }) : undefined
      if (found === undefined || written.has(keyOf(found))) continue
      written.add(keyOf(found))
      inside.push(found)
    }
  }
}

// All modules are read before the first is written, for one may add to what another declares.
for (const file of Object.values(ENTRIES)) namesOf(file)
for (const module of modules.values()) {
  for (const { file } of [...module.taken.values(), ...module.given.values()]) if (file) moduleOf(file)
}

const publicOnes = []
for (const [entry, file] of Object.entries(ENTRIES)) {
  parts.push(`==== ${entry} ====`)
  for (const [name, place] of [...namesOf(file)].sort(byName)) {
    if (place.text !== undefined) {
      parts.push(place.text)
      continue
    }
    const found = declaration(place)
    if (found === undefined) throw new Error(`${entry}: ${name} is declared nowhere`)
    const alias = name === found.name ? "" : `${name}: ${found.name}\n`
    const again = written.has(keyOf(found))
    parts.push(alias + (again ? `${alias === "" ? `${name}: ` : ""}see above` : textOf(found)))
    written.add(keyOf(found))
    publicOnes.push(found)
  }
}
// The same classes, fewer of them: what TypeScript sees there are the declarations above; the other names are types alone.
parts.push("==== puremq, in browsers ====", [...namesOf(BROWSER_ENTRY).keys()].sort().join("\n"))
for (const found of publicOnes) follow(found)
for (const found of inside) follow(found)

parts.push("==== what these are made of, and users cannot import ====")
const rest = inside.map((found) => [`${found.name} ${found.module.file}`, textOf(found)])
parts.push(...rest.sort(byName).map(([, text]) => text))

const text = `${parts.join("\n\n")}\n`
if (process.argv.includes("--print")) process.stdout.write(text)
else writeFileSync(page, text)

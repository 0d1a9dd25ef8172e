// Hooks of the module loader, on a thread of its own: one module is replaced by the one with the mutants in it, node:test
// and fast-check by what does less, and each round, whose number is in the address, gets modules of its own. So nothing that one
// mutant did to the state of a module is left to the next, and what a module does when it is loaded is mutated too.
import { readFileSync } from "node:fs"
import type { InitializeHook, LoadHook, ResolveHook } from "node:module"
import { fileURLToPath } from "node:url"

interface Replacement {
  /** The address of the module. */
  readonly target: string
  readonly source: string
  /** The addresses of what stands in for other modules, by their names. */
  readonly standIns: Readonly<Record<string, string>>
  /** What this address begins with belongs to a round, but for what is in this folder. */
  readonly root: string
  readonly outside: string
}

let replacement: Replacement
const sources = new Map<string, string>()

export const initialize: InitializeHook<Replacement> = (data) => {
  replacement = data
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const { standIns, root, outside } = replacement
  const parent = context.parentURL ?? ""
  const standIn = standIns[specifier]
  if (standIn !== undefined && !parent.startsWith(outside)) return { url: standIn, shortCircuit: true }
  const resolved = await next(specifier, context)
  const round = /\?round=\d+$/.exec(parent)?.[0]
  const ours = resolved.url.startsWith(root) && !resolved.url.includes("/node_modules/")
  if (round === undefined || !ours || resolved.url.startsWith(outside)) return resolved
  return { ...resolved, url: resolved.url + round }
}

export const load: LoadHook = async (url, context, next) => {
  const [address, round] = url.split("?")
  if (round === undefined) return next(url, context)
  return { format: "module", source: sourceOf(address as string), shortCircuit: true }
}

function sourceOf(address: string): string {
  if (address === replacement.target) return replacement.source
  let source = sources.get(address)
  if (source === undefined) sources.set(address, (source = readFileSync(fileURLToPath(address), "utf8")))
  return source
}

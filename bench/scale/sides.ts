import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fromRoot } from "../../test/interop/package-root.js"
import type { Peer } from "../peers.js"

export interface Sides {
  /** The binary that runs puremq. */
  readonly node: string
  readonly puremq: Peer
  /** Undefined on a machine that does not have it. */
  readonly libzmq: Peer | undefined
}

/** The two libraries, puremq on the given binary of Node. */
export function findSides(node: string): Sides {
  return { node, puremq: findPuremq(node), libzmq: findLibzmq() }
}

function findPuremq(node: string): Peer {
  const { version } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"))
  const runtime = node === process.execPath ? "" : ` on Node ${run(node, ["--version"])}`
  return {
    name: "puremq",
    version: `puremq ${version}${runtime}`,
    meter: (name) => [node, join(import.meta.dirname, "meters", `${name}.js`)],
  }
}

function findLibzmq(): Peer | undefined {
  const program = join(import.meta.dirname, "libzmq-scale")
  const source = fromRoot("bench/peers/libzmq-scale.cpp")
  try {
    run("g++", ["-O2", "-std=c++11", "-o", program, source, "-lzmq", "-pthread"])
  } catch (error) {
    console.log(`Without libzmq: ${error instanceof Error ? error.message.split("\n")[0] : error}`)
    return undefined
  }
  return { name: "libzmq", version: `libzmq ${run(program, ["version"])}`, meter: (name) => [program, name] }
}

function run(program: string, words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: "utf8", timeout: 60_000 })
  if (error) throw error
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}

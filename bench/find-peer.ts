import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fromRoot } from "../test/interop/package-root.js"
import type { Command } from "./meter-process.js"
import { requireFromPeers } from "./meters/library.js"

export const peerNames = ["puremq", "libzmq", "pyzmq", "zeromq"] as const

export type PeerName = (typeof peerNames)[number]

export interface Peer {
  readonly name: PeerName
  readonly version: string
  /** The command that starts a meter; the meter's arguments follow it. */
  meter(name: string): Command
}

/** Why this machine does not have a peer. */
interface Missing {
  readonly missing: string
}

export function findPeer(name: PeerName): Peer | Missing {
  switch (name) {
    case "puremq":
      return findPuremq()
    case "libzmq":
      return findLibzmq()
    case "pyzmq":
      return findPyzmq()
    case "zeromq":
      return findZeromq()
  }
}

function findPuremq(): Peer | Missing {
  if (!existsSync(fromRoot("dist/index.js"))) return { missing: "dist/index.js is not built" }
  const { version } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"))
  return { name: "puremq", version: `puremq ${version}`, meter: (name) => nodeMeter(name, "puremq") }
}

function findZeromq(): Peer | Missing {
  try {
    const { version } = requireFromPeers("zeromq/package.json")
    const libzmq = requireFromPeers("zeromq").version
    return {
      name: "zeromq",
      version: `zeromq.js ${version} (libzmq ${libzmq})`,
      meter: (name) => nodeMeter(name, "zeromq"),
    }
  } catch (error) {
    return { missing: firstLine(error instanceof Error ? error.message : String(error)) }
  }
}

function nodeMeter(name: string, library: string): Command {
  return [process.execPath, join(import.meta.dirname, "meters", `${name}.js`), `--library=${library}`]
}

function findPyzmq(): Peer | Missing {
  const program = fromRoot("bench/peers/pyzmq_meter.py")
  const reasons: string[] = []
  for (const python of ["/usr/bin/python3", "python3"]) {
    const versions = run(python, ["-c", "import zmq; print(zmq.__version__, zmq.zmq_version())"])
    if (versions.succeeded) {
      const [pyzmq, libzmq] = versions.output.split(" ")
      return {
        name: "pyzmq",
        version: `pyzmq ${pyzmq} (libzmq ${libzmq})`,
        meter: (name) => [python, program, name],
      }
    }
    reasons.push(`${python}: ${versions.output.split("\n").at(-1)}`)
  }
  return { missing: reasons.join("; ") }
}

function findLibzmq(): Peer | Missing {
  const probe = run("g++", ["-fsyntax-only", "-x", "c++", "-"], "#include <zmq.h>\n")
  if (!probe.succeeded) return { missing: firstLine(probe.output) }

  const program = join(import.meta.dirname, "libzmq-meter")
  const source = fromRoot("bench/peers/libzmq-meter.cpp")
  const compiled = run("g++", ["-O2", "-std=c++11", "-o", program, source, "-lzmq", "-pthread"])
  if (!compiled.succeeded) throw new Error(`${source} does not compile: ${compiled.output}`)
  return {
    name: "libzmq",
    version: `libzmq ${run(program, ["version"]).output}`,
    meter: (name) => [program, name],
  }
}

function run(program: string, words: readonly string[], input = ""): { succeeded: boolean; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    input,
    encoding: "utf8",
    timeout: 60_000,
  })
  if (error) return { succeeded: false, output: error.message }
  return { succeeded: status === 0, output: (status === 0 ? stdout : stderr).trim() }
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? ""
}

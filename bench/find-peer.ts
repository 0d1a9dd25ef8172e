import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fromRoot } from "../test/interop/package-root.js"
import type { Command } from "./meter-process.js"
import { requireFromPeers } from "./meters/library.js"
import type { Missing, Peer, PeerName } from "./peer.js"

export function findPeer(name: PeerName): Peer | Missing {
  switch (name) {
    case "puremq":
      return findPuremq(name, process.execPath)
    case "puremq-lts":
      return findPuremq(name, fromRoot("test/peers/node_modules/node-lts/bin/node"))
    case "libzmq":
      return findLibzmq()
    case "zeromq":
      return findZeromq()
    case "pyzmq":
      return findPyzmq()
  }
}

function findPuremq(name: PeerName, node: string): Peer | Missing {
  if (!existsSync(fromRoot("dist/index.js"))) return { missing: "dist/index.js is not built" }
  const { version } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"))
  if (!existsSync(node)) return { missing: "test/peers has no Node for this platform" }
  const runtime = run(node, ["--version"])
  if (!runtime.succeeded) return { missing: firstLine(runtime.output) }
  return {
    name,
    version: `puremq ${version} on Node ${runtime.output}`,
    meter: (meter) => nodeMeter(node, meter, "puremq"),
  }
}

function findZeromq(): Peer | Missing {
  try {
    const { version } = requireFromPeers("zeromq/package.json")
    const libzmq = requireFromPeers("zeromq").version
    return {
      name: "zeromq",
      version: `zeromq.js ${version} (libzmq ${libzmq}) on Node ${process.version}`,
      meter: (meter) => nodeMeter(process.execPath, meter, "zeromq"),
    }
  } catch (error) {
    return { missing: firstLine(error instanceof Error ? error.message : String(error)) }
  }
}

function nodeMeter(node: string, meter: string, library: string): Command {
  return [node, join(import.meta.dirname, "meters", `${meter}.js`), `--library=${library}`]
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
        meter: (meter) => [python, program, meter],
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
  const folder = fromRoot("bench/peers/libzmq")
  const sources = readdirSync(folder).filter((file) => file.endsWith(".cpp"))
  const paths = sources.map((file) => join(folder, file))
  const compiled = run("g++", ["-O2", "-std=c++11", "-o", program, ...paths, "-lzmq", "-pthread"])
  if (!compiled.succeeded) throw new Error(`${folder} does not compile: ${compiled.output}`)
  return {
    name: "libzmq",
    version: `libzmq ${run(program, ["version"]).output}`,
    meter: (meter) => [program, meter],
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

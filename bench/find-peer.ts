import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { fromRoot } from "../test/interop/package-root.js"
import { requireFromPeers } from "./meters/library.js"
import type { MeterKit, Missing, Peer, PeerName } from "./peer.js"

const sharedSources = "bench/peers/libzmq/shared"

/** The peers that this machine has; of the others it says why they are missing. */
export function findPeers(names: Iterable<PeerName>, kit: MeterKit): Map<PeerName, Peer> {
  const found = new Map<PeerName, Peer>()
  for (const name of names) {
    const peer = findPeer(name, kit)
    if ("missing" in peer) console.log(`Without ${name}: ${peer.missing}`)
    else found.set(name, peer)
  }
  return found
}

function findPeer(name: PeerName, kit: MeterKit): Peer | Missing {
  switch (name) {
    case "puremq":
      return findPuremq(name, process.execPath, kit)
    case "puremq-lts":
      return findPuremq(name, fromRoot("test/peers/node_modules/node-lts/bin/node"), kit)
    case "puremq-native":
      return findWithSodium(kit)
    case "libzmq":
      return findLibzmq(kit)
    case "zeromq":
      return findZeromq(kit)
    case "pyzmq":
      return findPyzmq()
  }
}

function findPuremq(name: PeerName, node: string, { folder }: MeterKit): Peer | Missing {
  if (!existsSync(fromRoot("dist/puremq.js"))) return { missing: "dist/puremq.js is not built" }
  const { version } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"))
  if (!existsSync(node)) return { missing: "test/peers has no Node for this platform" }
  const runtime = run(node, ["--version"])
  if (!runtime.succeeded) return { missing: firstLine(runtime.output) }
  return {
    name,
    version: `puremq ${version} on Node ${runtime.output}`,
    meter: (meter) => [node, join(folder, `${meter}.js`)],
  }
}

/** Puremq as it is where sodium-native has been installed. */
function findWithSodium(kit: MeterKit): Peer | Missing {
  const plain = findPuremq("puremq-native", process.execPath, kit)
  if ("missing" in plain) return plain
  let sodium: string
  try {
    sodium = requireFromPeers("sodium-native/package.json").version
  } catch (error) {
    return { missing: firstLine(error instanceof Error ? error.message : String(error)) }
  }
  const folder = fromRoot("build/bench/native")
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  symlinkSync(fromRoot("."), join(folder, "puremq"))
  symlinkSync(fromRoot("test/peers/node_modules"), join(folder, "node_modules"))
  return {
    name: "puremq-native",
    version: `${plain.version}, with sodium-native ${sodium}`,
    meter: (meter) => {
      const [node, program] = plain.meter(meter)
      return [node, "--preserve-symlinks", program as string, "--library=puremq-native"]
    },
  }
}

function findZeromq({ folder }: MeterKit): Peer | Missing {
  try {
    const { version } = requireFromPeers("zeromq/package.json")
    const libzmq = requireFromPeers("zeromq").version
    return {
      name: "zeromq",
      version: `zeromq.js ${version} (libzmq ${libzmq}) on Node ${process.version}`,
      meter: (meter) => [process.execPath, join(folder, `${meter}.js`), "--library=zeromq"],
    }
  } catch (error) {
    return { missing: firstLine(error instanceof Error ? error.message : String(error)) }
  }
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

function findLibzmq({ folder, libzmq }: MeterKit): Peer | Missing {
  const probe = run("g++", ["-fsyntax-only", "-x", "c++", "-"], "#include <zmq.h>\n")
  if (!probe.succeeded) return { missing: firstLine(probe.output) }

  const program = join(folder, "libzmq")
  const sources = [libzmq, sharedSources].flatMap(listSources)
  const compiled = run("g++", ["-O2", "-std=c++11", "-o", program, ...sources, "-lzmq", "-pthread"])
  if (!compiled.succeeded) throw new Error(`${libzmq} does not compile: ${compiled.output}`)
  return {
    name: "libzmq",
    version: `libzmq ${run(program, ["version"]).output}`,
    meter: (meter) => [program, meter],
  }
}

function listSources(folder: string): string[] {
  const files = readdirSync(fromRoot(folder)).filter((file) => file.endsWith(".cpp"))
  return files.map((file) => join(fromRoot(folder), file))
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

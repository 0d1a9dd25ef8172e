// Peers that a machine may lack: their tests are skipped with the reason, or fail where peers are required.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { delimiter, join } from "node:path"

/** A Python whose pyzmq is 24 or later, or the reason why there is none. */
export function findPython(): { command: string } | string {
  return (
    findModule("import zmq; print(zmq.pyzmq_version())", 24) ?? "no python3 with pyzmq 24 or later was found"
  )
}

/** A Python whose ipykernel is 6 or later, or the reason why there is none. */
export function findKernel(): { command: string } | string {
  const asked = "import importlib.metadata as of; print(of.version('ipykernel'))"
  return findModule(asked, 6) ?? "no python3 with ipykernel 6 or later was found"
}

/** The first Python that prints a version from `oldest` on. */
function findModule(program: string, oldest: number): { command: string } | undefined {
  for (const command of ["/usr/bin/python3", "python3"]) {
    const { stdout, status } = spawnSync(command, ["-c", program], { encoding: "utf8" })
    if (status === 0 && Number.parseInt(stdout, 10) >= oldest) return { command }
  }
  return undefined
}

/** A Java with a compiler and JeroMQ, or the reason why there is none. */
export function findJava(): { command: string; jar: string } | string {
  const jar = "/usr/share/java/jeromq.jar"
  if (!existsSync(jar)) return `JeroMQ was not found (${jar})`
  const command = "java"
  const { stdout } = spawnSync(command, ["--list-modules"], { encoding: "utf8" })
  return stdout?.includes("jdk.compiler@") ? { command, jar } : "no JDK was found"
}

/** A Chromium, by its absolute path, or the reason why there is none. */
export function findChromium(): { command: string } | string {
  const folders = (process.env.PATH ?? "").split(delimiter)
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const folder = folders.find((candidate) => existsSync(join(candidate, name)))
    if (folder !== undefined) return { command: join(folder, name) }
  }
  return "no Chromium was found"
}

/** Test options for a peer: pass the reason why it is missing, or undefined when it is there. */
export function unlessMissing(reason: string | undefined): { skip: string | false } {
  if (reason === undefined) return { skip: false }
  if (process.env.PUREMQ_PEERS === "required") throw new Error(`A required peer is missing: ${reason}`)
  return { skip: reason }
}

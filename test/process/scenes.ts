// Programs in programs/ as child processes.
import assert from "node:assert/strict"
import { fileURLToPath } from "node:url"
import { type Program, start } from "../interop/process.js"

/** Runs a scene of a program, with the Node that runs the test. */
export function runScene(program: string, scene: string, ...args: string[]): Program {
  const script = fileURLToPath(new URL(`programs/${program}.js`, import.meta.url))
  return start(process.execPath, "--expose-gc", script, scene, ...args)
}

/** The endpoint that the scene says it has bound. */
export async function endpointOf(program: Program): Promise<string> {
  const [, endpoint = ""] = await program.line(/^bound (.+)$/)
  return endpoint
}

/** The scene ends by itself, with exit code 0 and nothing on standard error. */
export async function endsQuietly(program: Program): Promise<void> {
  await program.success()
  assert.equal(program.complaints, "")
}

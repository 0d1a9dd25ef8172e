// Programs in programs/ as child processes.
import assert from "node:assert/strict"
import { fileURLToPath } from "node:url"
import { Program, start } from "../interop/process.js"

/** Runs a scene of a program, with the Node that runs the test. */
export function runScene(program: string, scene: string, ...args: string[]): Program {
  const script = fileURLToPath(new URL(`programs/${program}.js`, import.meta.url))
  return start(process.execPath, "--expose-gc", script, scene, ...args)
}

/** The same with files of ours as its files 3 and up. */
export function runSceneWith(
  files: readonly number[],
  program: string,
  scene: string,
  ...args: string[]
): Program {
  const script = fileURLToPath(new URL(`programs/${program}.js`, import.meta.url))
  return new Program(process.execPath, [script, scene, ...args], { files })
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

// The inputs that guided fuzzing has found worth keeping: of each target one file, with one input in base64 a line.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

function fileOf(target: string): string {
  return fileURLToPath(new URL(`../../../test/fuzz/corpus/${target}.txt`, import.meta.url))
}

/** What is kept for a target; nothing where it is new. */
export function keptInputs(target: string): Buffer[] {
  const file = fileOf(target)
  if (!existsSync(file)) return []
  // The empty input is a line too.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1)
  return lines.map((line) => Buffer.from(line, "base64"))
}

export function keepInputs(target: string, inputs: readonly Uint8Array[]): void {
  const lines = inputs.map((input) => `${Buffer.from(input).toString("base64")}\n`)
  writeFileSync(fileOf(target), lines.join(""))
}

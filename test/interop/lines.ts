// Processes of one test that talk in lines of JSON: the starter through a Program, the started through its own streams.
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Program } from "./process.js"

const patience = 120_000

/** A started program that says and hears values. */
export class Talker<Said, Heard> implements AsyncDisposable {
  readonly #program: Program

  constructor(command: string, args: readonly string[], heard: (value: Heard) => void) {
    this.#program = new Program(command, args, {
      patience,
      onLine: (line) => heard(JSON.parse(line) as Heard),
    })
  }

  say(value: Said): void {
    this.#program.tell(JSON.stringify(value))
  }

  get pid(): number | undefined {
    return this.#program.pid
  }

  /** Sends a signal, such as SIGSTOP, which makes the program hang. */
  signal(name: NodeJS.Signals): void {
    this.#program.signal(name)
  }

  /** Resolves when the program ends with exit code 0, else rejects with what it printed. */
  success(): Promise<void> {
    return this.#program.success()
  }

  /** Resolves when the program has ended, however. */
  async exit(): Promise<void> {
    await this.#program.exit()
  }

  /** Kills the program with SIGKILL. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]()
  }
}

/** Starts a built script. */
export function startTalker<Said, Heard>(
  script: URL,
  args: readonly string[],
  heard: (value: Heard) => void,
): Talker<Said, Heard> {
  return new Talker(process.execPath, [fileURLToPath(script), ...args], heard)
}

/** Says a value to who started this process. */
export function sayToStarter(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Hears the values that the starter says; returns what stops listening. When the starter goes, so does this process. */
export function hearStarter<Heard>(heard: (value: Heard) => void): () => void {
  const lines = createInterface({ input: process.stdin })
  const abandon = (): never => process.exit(3)
  lines.on("line", (line) => heard(JSON.parse(line) as Heard))
  lines.on("close", abandon)
  return () => {
    lines.off("close", abandon)
    lines.close()
    process.stdin.destroy()
  }
}

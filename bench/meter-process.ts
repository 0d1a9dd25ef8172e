import { type ChildProcessByStdio, spawn } from "node:child_process"
import { once } from "node:events"
import type { Readable } from "node:stream"

const deadline = 60_000

/** A program and its arguments. */
export type Command = readonly [program: string, ...words: string[]]

/** A running meter. Past its deadline it is killed, and `ended` rejects. */
export class MeterProcess {
  readonly ended: Promise<string>
  readonly #command: Command
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  #stdout = ""
  #stderr = ""

  constructor(command: Command) {
    const [program, ...words] = command
    this.#command = command
    this.#child = spawn(program, words, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: deadline,
      killSignal: "SIGKILL",
    })
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text
    })
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text
    })
    this.ended = this.#end()
  }

  /** The endpoints that a local meter announces once it is bound. Ask before the event loop turns. */
  endpoints(): Promise<string[]> {
    const announced = new Promise<string[]>((resolve) => {
      this.#child.stdout.on("data", () => {
        const endpoints = /^endpoints (.+?)\r?\n/.exec(this.#stdout)?.[1]
        if (endpoints) resolve(endpoints.split(" "))
      })
    })
    const missed = this.ended.then(() => {
      throw new Error("Ended without announcing its endpoints")
    })
    return Promise.race([announced, missed])
  }

  /** What ran and what it printed so far, for the message of an error. */
  report(): string {
    return [`$ ${this.#command.join(" ")}`, this.#stdout.trim(), this.#stderr.trim()]
      .filter(Boolean)
      .join("\n")
  }

  kill(): void {
    this.#child.kill("SIGKILL")
  }

  async #end(): Promise<string> {
    const [code, signal] = await once(this.#child, "close")
    if (this.#child.killed) throw new Error(`Killed, because it had not ended within ${deadline / 1000} s`)
    if (code !== 0) throw new Error(`Ended with ${signal ?? `exit code ${code}`}`)
    return this.#stdout
  }
}

// Runs example programs side by side as processes of their own and prints each line under its speaker's
// name. A line that was expected and an end that was not are both noticed by whoever waits for them.
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { styleText } from "node:util"

const colours = ["cyan", "yellow", "green", "magenta", "blue"] as const
const nameWidth = 10

export const coloured: boolean = process.stdout.isTTY === true && !process.env.NO_COLOR

export class Actor {
  readonly name: string
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #watchers = new Set<() => void>()
  #ended = false
  #stopped = false
  #failure: string | undefined

  constructor(name: string, program: string, args: readonly string[], say: (line: string) => void) {
    this.name = name
    const script = fileURLToPath(new URL(`${program}.js`, import.meta.url))
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        say(line)
        this.lines.push(line)
        this.#look()
      })
    }
    child.once("error", (error) => this.#end(`could not be started: ${error.message}`))
    child.once("close", (code, signal) => {
      this.#end(code === 0 || this.#stopped ? undefined : `ended with ${signal ?? `exit code ${code}`}`)
    })
  }

  /** The first line that matches, be it said already or still to come. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#wait(() => {
      for (const line of this.lines) {
        const match = pattern.exec(line)
        if (match) return match
      }
      if (this.#ended) throw new Error(`${this.name} ended without saying ${pattern}`)
      return undefined
    })
  }

  /** Resolves once the program has ended well. */
  async leaves(): Promise<void> {
    await this.#wait(() => this.#ended || undefined)
    if (this.#failure) throw new Error(`${this.name} ${this.#failure}`)
  }

  /** What Ctrl-C does. Where there are no signals to catch the program just ends, and that counts too. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#child.kill("SIGINT")
    await this.leaves()
  }

  kill(): void {
    this.#child.kill("SIGKILL")
  }

  #wait<T>(probe: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const found = probe()
          if (found === undefined) return
          resolve(found)
        } catch (error) {
          reject(error)
        }
        this.#watchers.delete(look)
      }
      this.#watchers.add(look)
      look()
    })
  }

  #look(): void {
    for (const look of this.#watchers) look()
  }

  #end(failure: string | undefined): void {
    this.#ended = true
    this.#failure ??= failure
    this.#look()
  }
}

export class Stage implements AsyncDisposable {
  readonly #actors: Actor[] = []

  /** Starts build/examples/<program>.js; its lines appear under `name`. */
  start(name: string, program: string, ...args: string[]): Actor {
    const colour = colours[this.#actors.length % colours.length] ?? "white"
    const label = name.padStart(nameWidth)
    const shown = coloured ? styleText(colour, label) : label
    const actor = new Actor(name, program, args, (line) => console.log(`${shown} | ${line}`))
    this.#actors.push(actor)
    return actor
  }

  kill(): void {
    for (const actor of this.#actors) actor.kill()
  }

  /** Waits for the last lines too, lest they turn up under the next heading. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill()
    await Promise.allSettled(this.#actors.map((actor) => actor.leaves()))
  }
}

// Programs started by tests: their lines as they come, their exit code, and no orphans.
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const usualPatience = 30_000

/** How a program is watched that talks with its starter for longer. */
export interface Watching {
  /** Milliseconds that {@link Program.line} and {@link Program.exit} wait. */
  readonly patience?: number
  /** Gets each line instead of {@link Program.lines}; the program then reads what {@link Program.tell} writes. */
  readonly onLine?: (line: string) => void
  /** Files of ours that the program has as its files 3 and up. */
  readonly files?: readonly number[]
}

export class Program implements AsyncDisposable {
  /** Lines of standard output so far, blank ones left out. */
  readonly lines: string[] = []
  readonly #name: string
  readonly #child: ChildProcess
  readonly #watchers = new Set<() => void>()
  readonly #patience: number
  #complaints = ""
  #exit: number | NodeJS.Signals | undefined

  constructor(
    command: string,
    args: readonly string[],
    { patience = usualPatience, onLine, files = [] }: Watching = {},
  ) {
    this.#name = [command, ...args].join(" ")
    this.#patience = patience
    const child = spawn(command, args, {
      stdio: ["pipe", "pipe", "pipe", ...files],
    }) as ChildProcessWithoutNullStreams
    this.#child = child
    // Who is told something may have ended already; that it has is seen elsewhere.
    child.stdin.on("error", () => {})
    if (onLine === undefined) child.stdin.end()
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (onLine !== undefined) onLine(line)
      else if (line !== "") this.lines.push(line)
      this.#look()
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints += text
      this.#look()
    })
    child.once("error", (error) => {
      this.#complaints += error.message
    })
    child.once("close", (code, signal) => {
      this.#exit = code ?? signal ?? -1
      this.#look()
    })
  }

  /** The first line that matches, or the one so many matches on, be it there already or still to come. */
  line(pattern: RegExp, matches = 1): Promise<RegExpExecArray> {
    return this.#until(`say ${pattern}`, () => {
      let left = matches
      for (const line of this.lines) {
        const match = pattern.exec(line)
        if (match && --left === 0) return match
      }
      if (this.#exit !== undefined) throw this.#failure(`ended without saying ${pattern}`)
      return undefined
    })
  }

  /** The first match in what was written to standard error, be it there already or still to come. */
  complaint(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(`complain of ${pattern}`, () => {
      const match = pattern.exec(this.#complaints)
      if (match === null && this.#exit !== undefined) throw this.#failure(`did not complain of ${pattern}`)
      return match ?? undefined
    })
  }

  /** All of standard error so far. */
  get complaints(): string {
    return this.#complaints
  }

  /** The exit code, or the name of the signal that ended the program. */
  exit(): Promise<number | NodeJS.Signals> {
    return this.#until("end", () => this.#exit)
  }

  /** Resolves when the program ends with exit code 0, else rejects with what it printed. */
  async success(): Promise<void> {
    const exit = await this.exit()
    if (exit !== 0) throw this.#failure(`ended with ${exit}`)
  }

  /** Writes a line to the standard input of a program that is watched. */
  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  /** What Ctrl-C does. */
  interrupt(): void {
    this.#child.kill("SIGINT")
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Sends a signal, such as SIGSTOP, which makes the program hang. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Ends the program at once, without its knowing; resolves when it has ended. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL")
    await this.exit()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }

  #look(): void {
    for (const look of this.#watchers) look()
  }

  #failure(what: string): Error {
    return new Error(`${this.#name} ${what}\n${this.lines.join("\n")}\n${this.#complaints}`)
  }

  #until<T>(what: string, probe: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        act()
      }
      const look = (): void => {
        try {
          const found = probe()
          if (found !== undefined) settle(() => resolve(found))
        } catch (error) {
          settle(() => reject(error))
        }
      }
      const late = (): void => settle(() => reject(this.#failure(`did not ${what} in time`)))
      const timer = setTimeout(late, this.#patience)
      this.#watchers.add(look)
      look()
    })
  }
}

export function start(command: string, ...args: string[]): Program {
  return new Program(command, args)
}

/** Starts a built script, named by its URL, with the Node that runs the test. */
export function startNode(script: URL, ...args: string[]): Program {
  return new Program(process.execPath, [fileURLToPath(script), ...args])
}

// The command line as a child process: what it is told, what it writes, and its exit code.
import assert from "node:assert/strict"
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { fromRoot } from "../interop/package-root.js"
import { within } from "../suites/deadline.js"

export const script: string = fromRoot("dist/cli.js")

/** How a command ended. */
export interface Ended {
  readonly code: number | NodeJS.Signals
  readonly output: Buffer
  readonly complaints: string
}

/** A command that runs. Its standard input is open until {@link end}. */
export class CommandLine implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #closed: Promise<number | NodeJS.Signals>
  readonly #watchers = new Set<() => void>()
  #chunks: Buffer[] = []
  complaints = ""

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [script, ...args], {
      stdio: "pipe",
      env: { ...process.env, ...environment },
    })
    const { stdin, stdout, stderr } = this.#child
    // Who has ended reads no more.
    stdin.on("error", () => {})
    stdout.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#look()
    })
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.complaints += text
      this.#look()
    })
    this.#closed = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => {
        resolve(code ?? (signal as NodeJS.Signals))
        this.#look()
      })
    })
  }

  get stdin(): ChildProcessWithoutNullStreams["stdin"] {
    return this.#child.stdin
  }

  get stdout(): ChildProcessWithoutNullStreams["stdout"] {
    return this.#child.stdout
  }

  /** All of standard output so far. */
  get output(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }

  write(text: string | Buffer): this {
    this.stdin.write(text)
    return this
  }

  /** Nothing more comes on standard input. */
  end(text: string | Buffer = ""): this {
    this.stdin.end(text)
    return this
  }

  /** Reads nothing of standard output any more, as `head` when it has enough. */
  hangUp(): void {
    this.#child.stdout.destroy()
  }

  get pid(): number {
    return this.#child.pid as number
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** The first match in standard output, be it there already or still to come. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#match(pattern, () => this.output.toString())
  }

  /** The first match in standard error. */
  complained(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#match(pattern, () => this.complaints)
  }

  /** The endpoint that a command with `-v` has bound. */
  async endpoint(): Promise<string> {
    return (await this.complained(/^bind (\S+)/m))[1] as string
  }

  /** Ends by itself, in time. */
  async ended(): Promise<Ended> {
    const code = await within(this.#closed, `the command to end; it complained: ${this.complaints}`)
    return { code, output: this.output, complaints: this.complaints }
  }

  /** Ends with code 0; its output as text. */
  async success(): Promise<string> {
    const { code, output, complaints } = await this.ended()
    assert.equal(code, 0, complaints)
    return output.toString()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL")
    await this.#closed
  }

  #look(): void {
    for (const look of this.#watchers) look()
  }

  #match(pattern: RegExp, text: () => string): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text())
        if (match !== null) resolve(match)
        else return
        this.#watchers.delete(look)
      }
      this.#watchers.add(look)
      void this.#closed.then(() => {
        look()
        reject(new Error(`The command ended without ${pattern}: ${this.output} ${this.complaints}`))
      })
      look()
    })
    return within(found, `${pattern} of ${this.#child.spawnargs.slice(2).join(" ")}`)
  }
}

/** Starts a command with the words of `line`, and those of `more` as they are. */
export function cli(line: string, ...more: string[]): CommandLine {
  return new CommandLine([...line.split(" ").filter(Boolean), ...more])
}

/** Runs one that has no input. */
export function runCli(line: string, ...more: string[]): Promise<Ended> {
  return cli(line, ...more)
    .end()
    .ended()
}

/** Any port of this machine. */
export const ANY = "tcp://127.0.0.1:*"

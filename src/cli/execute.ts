import { type ChildProcess, spawn } from "node:child_process"

/** What became of a command. */
export interface Executed {
  /** All that it wrote to standard output. */
  readonly output: Buffer
  /** Why it counts as failed; undefined when it ended with 0. */
  readonly failure: string | undefined
}

/** Windows has no groups of processes. */
const HAS_GROUPS = process.platform !== "win32"

/** Runs a command line of the shell with `input` as its standard input. It has `timeout` milliseconds. */
export function execute(
  line: string,
  input: Buffer,
  { timeout, signal }: { timeout: number | undefined; signal: AbortSignal },
): Promise<Executed> {
  return new Promise((resolve) => {
    const child = spawn(line, { shell: true, stdio: ["pipe", "pipe", "inherit"], detached: HAS_GROUPS })
    const stop = (): void => end(child)
    signal.addEventListener("abort", stop)
    const timer = timeout === undefined ? undefined : setTimeout(stop, timeout)
    const chunks: Buffer[] = []
    let failure: string | undefined
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    // Who does not read his input may be gone before it is written.
    child.stdin.on("error", () => {})
    child.stdin.end(input)
    child.on("error", (error) => {
      failure = error.message
    })
    child.on("close", (code, ended) => {
      clearTimeout(timer)
      signal.removeEventListener("abort", stop)
      if (code !== 0) failure ??= ended === null ? `it ended with ${code}` : `it was ended by ${ended}`
      resolve({ output: Buffer.concat(chunks), failure })
    })
  })
}

/** Ends the shell and all that it has started: it would wait for a part of a pipe that goes on. */
function end(child: ChildProcess): void {
  try {
    if (HAS_GROUPS && child.pid !== undefined) process.kill(-child.pid, "SIGTERM")
    else child.kill()
  } catch {
    // It has ended by itself.
  }
}

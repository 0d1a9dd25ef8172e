// A Jupyter kernel and the five sockets that one talks to it by: requests go to shell (or, past those that wait, to
// control), output is published on iopub, the kernel itself asks on stdin, and hb echoes as long as it lives.
import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"
import { type Connection, fromFrames, type JupyterMessage, makeMessage, toFrames } from "./protocol.js"

/** What code brings forth as it runs. */
export type Output =
  | { readonly type: "text"; readonly stream: "stdout" | "stderr"; readonly text: string }
  | { readonly type: "result"; readonly text: string }
  | { readonly type: "error"; readonly name: string; readonly value: string }

/** Answers what running code asks its user. */
export type InputHandler = (prompt: string) => string | Promise<string>

export class Kernel implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #key: string
  readonly #session = randomUUID()
  readonly #shell = new zmq.Dealer({ linger: 1000, routingId: this.#session })
  readonly #control = new zmq.Dealer({ linger: 1000, routingId: this.#session })
  // The kernel asks whom it got the request from: the routing id must be that of shell.
  readonly #stdin = new zmq.Dealer({ linger: 1000, routingId: this.#session })
  readonly #iopub = new zmq.Subscriber()
  readonly #heartbeat = new zmq.Request({ linger: 0, relaxed: true, correlate: true })

  private constructor(child: ChildProcess, connection: Connection) {
    this.#process = child
    this.#key = connection.key
    const address = (port: number): string => `${connection.transport}://${connection.ip}:${port}`
    this.#iopub.subscribe()
    this.#iopub.connect(address(connection.iopub_port))
    this.#shell.connect(address(connection.shell_port))
    this.#control.connect(address(connection.control_port))
    this.#stdin.connect(address(connection.stdin_port))
    this.#heartbeat.connect(address(connection.hb_port))
  }

  /** Starts ipykernel; resolves when it can be given code. Rejects with the reason of `signal`. */
  static async start(python: string, onInput: InputHandler, signal: AbortSignal): Promise<Kernel> {
    const folder = await mkdtemp(join(tmpdir(), "kernel-"))
    const file = join(folder, "connection.json")
    const child = spawn(python, ["-m", "ipykernel_launcher", "-f", file], {
      stdio: ["ignore", "ignore", "inherit"],
      // A group of its own, so that Ctrl-C is for us to pass on. It ends itself when this process is gone.
      detached: true,
      env: { ...process.env, JPY_PARENT_PID: `${process.pid}`, PYDEVD_DISABLE_FILE_VALIDATION: "1" },
    })
    try {
      const kernel = new Kernel(child, await readConnection(file, child, signal))
      void kernel.#answerQuestions(onInput)
      await kernel.#whenHeard(signal)
      return kernel
    } catch (error) {
      child.kill("SIGKILL")
      throw error
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  /** Runs code and yields its output as it comes; ends when the code has. */
  async *run(code: string): AsyncGenerator<Output> {
    const { header } = await this.#send(this.#shell, "execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: true,
      // Else, for a moment after an error, it would take the next piece for one that waited behind this, and pass it over.
      stop_on_error: false,
    })
    for await (const frames of this.#iopub) {
      const message = fromFrames(frames, this.#key)
      if (message.parent.msg_id !== header.msg_id) continue
      if (message.header.msg_type === "status" && message.content.execution_state === "idle") break
      const output = outputOf(message)
      if (output) yield output
    }
    await this.#shell.receive()
  }

  /** Interrupts what runs, as Ctrl-C would: there it is a KeyboardInterrupt. */
  async interrupt(): Promise<void> {
    await this.#send(this.#control, "interrupt_request", {})
    await this.#control.receive()
  }

  /** Whether the kernel's process answers within so many ms, be it busy or not. */
  async isAlive(milliseconds: number): Promise<boolean> {
    await this.#heartbeat.send("ping")
    try {
      await this.#heartbeat.receive({ signal: AbortSignal.timeout(milliseconds) })
      return true
    } catch {
      return false
    }
  }

  /** Asks the kernel to end, and waits until it has. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      await this.#send(this.#control, "shutdown_request", { restart: false })
      await once(this.#process, "exit")
    }
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub, this.#heartbeat])
      socket.close()
  }

  async #send(
    socket: zmq.Dealer,
    type: string,
    content: Record<string, unknown>,
    parent?: JupyterMessage["header"],
  ): Promise<JupyterMessage> {
    const message = makeMessage(this.#session, type, content, parent)
    await socket.send(toFrames(message, this.#key))
    return message
  }

  async #answerQuestions(onInput: InputHandler): Promise<void> {
    for await (const frames of this.#stdin) {
      const { header, content } = fromFrames(frames, this.#key)
      if (header.msg_type !== "input_request") continue
      const value = await onInput(`${content.prompt}`)
      await this.#send(this.#stdin, "input_reply", { value, status: "ok" }, header)
    }
  }

  /** Nothing tells when a subscription has arrived, so it asks something harmless until the echo is published. */
  async #whenHeard(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#send(this.#shell, "kernel_info_request", {})
      await this.#shell.receive({ signal })
      try {
        await this.#iopub.receive({ signal: AbortSignal.any([signal, AbortSignal.timeout(200)]) })
        return
      } catch {
        signal.throwIfAborted()
      }
    }
  }
}

/** The kernel chooses its ports and its key, and writes them to the file. */
async function readConnection(file: string, child: ChildProcess, signal: AbortSignal): Promise<Connection> {
  for (;;) {
    signal.throwIfAborted()
    if (child.exitCode !== null) throw new Error(`The kernel ended with ${child.exitCode}`)
    try {
      return JSON.parse(await readFile(file, "utf8"))
    } catch {
      await pause(50)
    }
  }
}

function outputOf({ header, content }: JupyterMessage): Output | undefined {
  switch (header.msg_type) {
    case "stream":
      return {
        type: "text",
        stream: content.name === "stderr" ? "stderr" : "stdout",
        text: `${content.text}`,
      }
    case "execute_result":
      return { type: "result", text: `${(content.data as Record<string, unknown>)["text/plain"]}` }
    case "error":
      return { type: "error", name: `${content.ename}`, value: `${content.evalue}` }
    default:
      return undefined
  }
}

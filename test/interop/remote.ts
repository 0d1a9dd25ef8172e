// Sockets of other implementations, in a program of theirs that does one thing after another.
import { fromRoot } from "./package-root.js"
import { Program } from "./process.js"

/** A program that has sockets. */
export class Remote implements AsyncDisposable {
  readonly #program: Program
  readonly #waiting: ((answer: string) => void)[] = []
  #opened = 0

  constructor(command: string, args: readonly string[]) {
    this.#program = new Program(command, args, { onLine: (line) => this.#waiting.shift()?.(line) })
  }

  async open(type: string): Promise<RemoteSocket> {
    const name = `s${this.#opened++}`
    await this.ask("open", name, type)
    return new RemoteSocket(this, name)
  }

  /** From here on a client of PLAIN and one of CURVE may come to the program's servers; pyzmq only. */
  async authenticate(username: string, password: string, publicKey: string): Promise<void> {
    await this.ask("authenticate", ...[username, password, publicKey].map(wordOf))
  }

  /** What the program answers; rejects with what it complained of when it ends. */
  ask(...words: readonly string[]): Promise<string> {
    const answered = new Promise<string>((resolve) => this.#waiting.push(resolve))
    this.#program.tell(words.join(" "))
    const ended = this.#program.exit().then(
      (exit) => Promise.reject(new Error(`ended with ${exit}: ${this.#program.complaints}`)),
      // Watching longer than a program may be silent is no failure: its tests have limits of their own.
      () => new Promise<never>(() => {}),
    )
    return Promise.race([answered, ended])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]()
  }
}

/** One of its sockets. */
export class RemoteSocket {
  readonly #remote: Remote
  readonly #name: string

  constructor(remote: Remote, name: string) {
    this.#remote = remote
    this.#name = name
  }

  /** Binds a free port; resolves with the endpoint. */
  bind(): Promise<string> {
    return this.#ask("bind")
  }

  async connect(address: string): Promise<void> {
    await this.#ask("connect", address)
  }

  /** Sets the routing id. */
  async setName(name: string): Promise<void> {
    await this.#ask("name", wordOf(name))
  }

  /** Sets an option by its name in zmq.h, such as `CURVE_SERVER`; pyzmq only. */
  async set(option: string, value: number | string): Promise<void> {
    await this.#ask("set", option, typeof value === "number" ? String(value) : wordOf(value))
  }

  async subscribe(prefix: string): Promise<void> {
    await this.#ask("subscribe", wordOf(prefix))
  }

  async send(frames: readonly (string | Buffer)[]): Promise<void> {
    await this.#ask("send", ...frames.map(wordOf))
  }

  async receive(): Promise<Buffer[]> {
    const answer = await this.#ask("receive")
    if (answer === "nothing") throw new Error("nothing came in time")
    return answer.split(" ").map((word) => Buffer.from(word.slice(1), "hex"))
  }

  async close(): Promise<void> {
    await this.#ask("close")
  }

  #ask(command: string, ...words: readonly string[]): Promise<string> {
    return this.#remote.ask(command, this.#name, ...words)
  }
}

function wordOf(bytes: string | Buffer): string {
  return `=${Buffer.from(bytes as string).toString("hex")}`
}

/** The sockets of JeroMQ. */
export function startJava({ command, jar }: { command: string; jar: string }): Remote {
  return new Remote(command, ["-cp", jar, fromRoot("test/interop/remote/Remote.java")])
}

/** The sockets of pyzmq. */
export function startPython({ command }: { command: string }): Remote {
  return new Remote(command, ["-u", fromRoot("test/interop/remote/remote.py")])
}

// The API of zeromq.js 5, as programs use it that were written for it.
import assert from "node:assert/strict"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import type * as v5Module from "puremq/v5-compat"
import { within } from "./deadline.js"
import type { TransportName } from "./stage.js"
import { vacantPort } from "./vacant-port.js"

export type V5 = typeof v5Module

/** One of the two libraries that have the old API, and how its sockets meet. */
export interface OldSetting {
  readonly name: "puremq" | "zeromq"
  readonly zmq: V5
  readonly transport: TransportName
}

let places = 0

/** Sockets of one scenario, closed at its end. */
export class OldStage {
  readonly zmq: V5
  readonly #transport: TransportName
  readonly #sockets: v5Module.Socket[] = []
  readonly #folder: string = mkdtempSync(join(tmpdir(), "puremq-v5-"))

  constructor({ zmq, transport }: OldSetting) {
    this.zmq = zmq
    this.#transport = transport
  }

  socket(type: v5Module.SocketType, options: object = {}): v5Module.Socket {
    const socket = this.zmq.socket(type, { linger: 0, ...options })
    this.#sockets.push(socket)
    return socket
  }

  /** An address that nobody is bound to. */
  async vacant(): Promise<string> {
    places += 1
    if (this.#transport === "tcp") return `tcp://127.0.0.1:${await vacantPort()}`
    return this.#transport === "ipc" ? `ipc://${join(this.#folder, `${places}`)}` : `inproc://v5-${places}`
  }

  /** Binds one and connects the others. */
  async join(bound: v5Module.Socket, ...others: v5Module.Socket[]): Promise<string> {
    const address = await this.vacant()
    bound.bindSync(address)
    for (const other of others) other.connect(address)
    return address
  }

  close(): void {
    for (const socket of this.#sockets) socket.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export function oldScenario(
  setting: OldSetting,
  name: string,
  play: (stage: OldStage) => Promise<void>,
): void {
  test(name, { timeout: 30_000 }, async () => {
    const stage = new OldStage(setting)
    try {
      await within(play(stage), "the scenario to end", 20_000)
    } finally {
      stage.close()
    }
  })
}

/** The frames of the next message, as text. */
export async function nextMessage(socket: v5Module.Socket): Promise<string[]> {
  const frames = await within(once(socket, "message"), "a message")
  return frames.map(String)
}

/** The frames of so many messages from now on, as text. */
export function messages(socket: v5Module.Socket, count: number): Promise<string[][]> {
  const taken: string[][] = []
  const all = new Promise<string[][]>((resolve) => {
    const take = (...frames: Buffer[]): void => {
      taken.push(frames.map(String))
      if (taken.length < count) return
      socket.off("message", take)
      resolve(taken)
    }
    socket.on("message", take)
  })
  return within(all, `${count} messages`)
}

export function messageScenarios(setting: OldSetting): void {
  oldScenario(setting, "a message's frames are the arguments of its event", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const got = messages(pull, 3)
    push.send("text")
    push.send(["one", Buffer.from("two"), 3])
    push.send(Buffer.from("bytes"))
    assert.deepEqual(await got, [["text"], ["one", "two", "3"], ["bytes"]])
  })

  oldScenario(setting, "ZMQ_SNDMORE adds the next frames to the same message", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const got = messages(pull, 2)
    push.send("one", stage.zmq.ZMQ_SNDMORE).send(["two", "three"], stage.zmq.ZMQ_SNDMORE)
    push.send("four")
    push.send("alone", null)
    assert.deepEqual(await got, [["one", "two", "three", "four"], ["alone"]])
  })

  oldScenario(setting, "send tells its callback when the message was accepted", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    const told: unknown[] = []
    const all = new Promise<void>((resolve) => {
      push.send("one", 0, (error) => told.push(error))
      push.send("two", 0, (error) => resolve(void told.push(error)))
    })
    const got = messages(pull, 2)
    await stage.join(pull, push)
    await within(all, "two callbacks")
    assert.deepEqual(told, [undefined, undefined])
    assert.deepEqual(await got, [["one"], ["two"]])
  })

  oldScenario(
    setting,
    "requests and replies take turns, and what is said out of turn waits",
    async (stage) => {
      const [request, reply] = [stage.socket("req"), stage.socket("rep")]
      await stage.join(reply, request)
      reply.on("message", (question) => reply.send(`answer to ${question}`))
      const got = messages(request, 3)
      for (const question of ["one", "two", "three"]) request.send(question)
      assert.deepEqual(await got, [["answer to one"], ["answer to two"], ["answer to three"]])
    },
  )

  oldScenario(setting, "xreq and xrep are dealer and router", async (stage) => {
    const [dealer, router] = [stage.socket("xreq"), stage.socket("xrep")]
    assert.deepEqual([dealer.type, router.type], ["xreq", "xrep"])
    assert.deepEqual([dealer.getsockopt(stage.zmq.ZMQ_TYPE), router.getsockopt(16)], [5, 6])
    dealer.identity = "asker"
    await stage.join(router, dealer)
    dealer.send(["", "question"])
    const [name, ...rest] = await nextMessage(router)
    assert.deepEqual([name, ...rest], ["asker", "", "question"])
    router.send([name as string, "answer"])
    assert.deepEqual(await nextMessage(dealer), ["answer"])
  })

  oldScenario(setting, "a subscriber hears what it asked for", async (stage) => {
    const [publisher, subscriber] = [stage.socket("xpub"), stage.socket("sub")]
    subscriber.subscribe("a").subscribe("gone").unsubscribe("gone")
    const subscribed = nextMessage(publisher)
    await stage.join(publisher, subscriber)
    assert.deepEqual(await subscribed, ["\u0001a"])
    const got = messages(subscriber, 2)
    for (const topic of ["a1", "b", "gone", "a2"]) publisher.send([topic, "body"])
    assert.deepEqual(await got, [
      ["a1", "body"],
      ["a2", "body"],
    ])
    assert.throws(() => publisher.subscribe("a"), { message: "Subscriber socket required" })
  })

  oldScenario(setting, "a paused socket keeps what it is to send and tells of nothing", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const first = nextMessage(pull)
    push.send("first")
    assert.deepEqual(await first, ["first"])
    pull.pause()
    push.pause()
    let told = false
    push.send("second", 0, () => {
      told = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(told, false)
    push.resume()
    const [other, pair] = [stage.socket("pair"), stage.socket("pair")]
    await stage.join(pair, other)
    other.send("meanwhile")
    await nextMessage(pair)
    const second = nextMessage(pull)
    pull.resume()
    assert.deepEqual(await second, ["second"])
  })
}

export function listenerScenarios(setting: OldSetting): void {
  oldScenario(setting, "what a listener throws is uncaught before the next message comes", async (stage) => {
    const [push, pull] = [stage.socket("push"), stage.socket("pull")]
    await stage.join(pull, push)
    const told: string[] = []
    const over = new Promise<void>((resolve) => {
      process.setUncaughtExceptionCaptureCallback((error) => told.push(String(error)))
      pull.on("message", (text) => {
        told.push(String(text))
        if (told.length > 1) resolve()
        else throw new Error("of the listener")
      })
    })
    push.send("one").send("two")
    await within(over, "the second message").finally(() => process.setUncaughtExceptionCaptureCallback(null))
    assert.deepEqual(told, ["one", "Error: of the listener", "two"])
  })
}

export function endpointScenarios(setting: OldSetting): void {
  oldScenario(setting, "bind and unbind call back and tell of the address", async (stage) => {
    const pull = stage.socket("pull")
    const address = await stage.vacant()
    const bound = once(pull, "bind")
    await within(
      new Promise<void>((resolve, reject) => {
        assert.equal(
          pull.bind(address, (error) => (error ? reject(error) : resolve())),
          pull,
        )
      }),
      "bind to call back",
    )
    assert.deepEqual(await bound, [address])
    const unbound = once(pull, "unbind")
    await within(
      new Promise<void>((resolve, reject) => {
        pull.unbind(address, (error) => (error ? reject(error) : resolve()))
      }),
      "unbind to call back",
    )
    assert.deepEqual(await unbound, [address])
  })

  oldScenario(
    setting,
    "what is wrong with an address is told, or thrown by what does not wait",
    async (stage) => {
      const pull = stage.socket("pull")
      const error = await within(
        new Promise<Error | undefined>((resolve) => {
          pull.bind("nonsense://x", resolve)
        }),
        "bind to call back",
      )
      assert.equal((error as { code?: unknown } | undefined)?.code, "EPROTONOSUPPORT")
      const failed = once(pull, "error")
      pull.bind("nonsense://x")
      const [emitted] = await within(failed, "an error")
      assert.equal(emitted.code, "EPROTONOSUPPORT")
      assert.throws(() => pull.bindSync("nonsense://x"), { code: "EPROTONOSUPPORT" })
      assert.throws(() => pull.connect("nonsense://x"), { code: "EPROTONOSUPPORT" })
      assert.throws(() => pull.disconnect(`inproc://never`), { code: "ENOENT" })
    },
  )

  oldScenario(setting, "a closed socket says so and sends and tells nothing", async (stage) => {
    const pull = stage.socket("pull")
    assert.equal(pull.closed, false)
    assert.equal(pull.close(), pull)
    assert.equal(pull.closed, true)
    pull.close()
  })

  oldScenario(setting, "proxy passes on both ways, and tells a capture socket of replies", async (stage) => {
    const [router, dealer] = [stage.socket("router"), stage.socket("dealer")]
    const [capture, captured] = [stage.socket("pub"), stage.socket("sub")]
    const [request, reply] = [stage.socket("req"), stage.socket("rep")]
    captured.subscribe("")
    await stage.join(captured, capture)
    await stage.join(router, request)
    await stage.join(dealer, reply)
    stage.zmq.proxy(router, dealer, capture)
    reply.on("message", (question) => reply.send(`answer to ${question}`))
    let asked = 0
    const ask = (): unknown => request.send(`question ${++asked}`)
    // The capture's subscriber may not have come yet.
    request.on("message", ask)
    const copy = nextMessage(captured)
    ask()
    assert.match((await copy).join("|"), /^answer to question \d+$/)
    request.off("message", ask)
    assert.throws(() => stage.zmq.proxy(router, router), {
      message: "This socket type order is not supported in compatibility mode",
    })
  })
}

export function optionScenarios(setting: OldSetting): void {
  oldScenario(setting, "options are set by number, by name and as properties", async ({ zmq, ...stage }) => {
    void stage
    const dealer = zmq.createSocket("dealer", { linger: 7, identity: "named" })
    try {
      assert.equal(dealer.linger, 7)
      assert.equal(dealer.getsockopt(zmq.ZMQ_LINGER), 7)
      assert.equal(dealer.getsockopt("linger"), 7)
      assert.equal(String(dealer.identity), "named")
      assert.equal(dealer.setsockopt("linger", 0), dealer)
      dealer.setsockopt(zmq.ZMQ_SNDHWM, 5).setsockopt(zmq.ZMQ_RCVHWM, 6)
      assert.equal(dealer.getsockopt(zmq.ZMQ_SNDHWM), 5)
      assert.equal(dealer.getsockopt(zmq.ZMQ_RCVHWM), 6)
      assert.equal(dealer.getsockopt(zmq.ZMQ_DELAY_ATTACH_ON_CONNECT), 0)
      dealer.setsockopt(zmq.ZMQ_DELAY_ATTACH_ON_CONNECT, 1)
      assert.equal(dealer.getsockopt(zmq.ZMQ_DELAY_ATTACH_ON_CONNECT), 1)
      dealer.setsockopt(zmq.ZMQ_IPV4ONLY, 0)
      assert.equal(dealer.getsockopt(zmq.ZMQ_IPV6), 1)
      assert.equal(dealer.getsockopt(zmq.ZMQ_IPV4ONLY), false)
      dealer.backlog = 3
      assert.equal(dealer.getsockopt("backlog"), 3)
      assert.equal(dealer.last_endpoint, null)
      assert.equal(dealer.mechanism, 0)
      assert.equal(dealer._ioevents, 0)
      assert.throws(() => dealer.getsockopt(9999), { message: "Unknown option" })
      assert.throws(() => dealer.setsockopt(9999, 1), { message: "Unknown option" })
    } finally {
      dealer.close()
    }
  })

  oldScenario(setting, "the names of options and constants, and their numbers", async ({ zmq }) => {
    assert.equal(zmq.options.linger, zmq.ZMQ_LINGER)
    assert.throws(() => zmq.socket("nonsense" as never), { message: "Invalid socket type: nonsense" })
    assert.throws(() => new zmq.Context(), {
      message: "Context cannot be instantiated in compatibility mode",
    })
    const keys = zmq.curveKeypair()
    assert.deepEqual([keys.public.length, keys.secret.length], [40, 40])
    const most = zmq.Context.getMaxSockets()
    zmq.Context.setMaxSockets(most - 1)
    assert.equal(zmq.Context.getMaxSockets(), most - 1)
    zmq.Context.setMaxSockets(most)
    assert.equal(typeof zmq.Context.getMaxThreads(), "number")
  })
}

export function monitorScenarios(setting: OldSetting): void {
  oldScenario(setting, "monitor tells of connections by the old names", async (stage) => {
    const [bound, other] = [stage.socket("rep"), stage.socket("req")]
    const address = await stage.vacant()
    const [listen, accept] = [once(bound, "listen"), once(bound, "accept")]
    const [delay, connect] = [once(other, "connect_delay"), once(other, "connect")]
    assert.equal(bound.monitor(), bound)
    other.monitor()
    bound.bindSync(address)
    other.connect(address)
    const events = { listen, accept, delay, connect }
    for (const [name, event] of Object.entries(events)) {
      const [value, endpoint, error] = await within(event, name)
      assert.deepEqual([value, endpoint, error], [undefined, address, undefined], name)
    }
    const gone = once(bound, "disconnect")
    other.close()
    assert.equal((await within(gone, "disconnect"))[1], address)
  })

  oldScenario(
    setting,
    "monitor tells why a bind failed, and when the next attempt to connect is",
    async (stage) => {
      const [one, two, three] = [stage.socket("rep"), stage.socket("rep"), stage.socket("req")]
      const address = await stage.vacant()
      one.bindSync(address)
      two.monitor()
      const failed = once(two, "bind_error")
      assert.throws(() => two.bindSync(address), { code: "EADDRINUSE" })
      const [number, , error] = await within(failed, "bind_error")
      assert.equal(number, error.errno)
      assert.equal(error.code, "EADDRINUSE")
      three.monitor()
      const retry = once(three, "connect_retry")
      three.connect(await stage.vacant())
      assert.equal(typeof (await within(retry, "connect_retry"))[0], "number")
    },
  )
}

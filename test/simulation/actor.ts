// A socket and its user.
import assert from "node:assert/strict"
import type { OptionName } from "#src/core/options.js"
import { checkOption } from "#src/core/options.js"
import { SocketCore } from "#src/core/socket.js"
import type { ZmqError } from "#src/errors.js"
import type { Frame, Message } from "#src/message.js"
import type { ServerPattern } from "#src/patterns/server.js"
import type { Chance } from "../fuzz/chance.js"
import { Correspondents } from "./correspondents.js"
import type { Host } from "./host.js"
import { Interests } from "./interests.js"
import { KeptMessages } from "./kept-messages.js"
import type { Letter, Post } from "./letters.js"
import { chanceFor, type Loop } from "./loop.js"
import { patterns } from "./pattern-table.js"
import type { SocketPlan } from "./plan.js"
import { NEVER_READS, NUMBERS, SENDS, SOLE_FRAME, SUBSCRIBES } from "./roles.js"

const EMPTY = Buffer.alloc(0)
/** How operations may end, other than well. */
const CODES: readonly string[] = ["EAGAIN", "ETERM", "EHOSTUNREACH", "ABORTED"]

export class Actor {
  readonly plan: SocketPlan
  readonly name: string
  readonly host: Host
  readonly core: SocketCore
  readonly interests: Interests
  /** It gave up topics, or connections with what they had brought. */
  dropsSome = false
  accepted = 0
  pending = 0
  paused = false
  /** What a REQ waits to be answered. */
  asked: Letter | undefined
  /** Where it is connected to, or tries to be. */
  readonly connects: Set<string>
  /** What came, in this order. */
  readonly received: Letter[] = []
  readonly sees: Set<string> = new Set()
  readonly kept: KeptMessages
  private readonly post: Post
  private readonly loop: Loop
  private readonly chance: Chance
  private readonly peers: readonly SocketPlan[]
  private readonly correspondents: Correspondents
  private number = 0
  private gate: Promise<void> | undefined
  private open: (() => void) | undefined
  private asking = false
  private aborting = new AbortController()

  constructor(
    plan: SocketPlan,
    incarnation: number,
    host: Host,
    peers: readonly SocketPlan[],
    post: Post,
    loop: Loop,
    seed: number,
  ) {
    this.plan = plan
    this.connects = new Set(plan.connects)
    this.name = `s${plan.id}.${incarnation}`
    this.kept = new KeptMessages(this.name)
    this.host = host
    this.post = post
    this.loop = loop
    this.peers = peers
    this.correspondents = new Correspondents(this.name)
    this.chance = chanceFor(seed, 5, plan.id, incarnation)
    this.core = new SocketCore(host.context, plan.type, patterns[plan.type])
    for (const [name, value] of Object.entries({ ...plan.options, socksUsername: this.name })) {
      this.core.setOption(name as OptionName, checkOption(name as OptionName, value) as never)
    }
    this.interests = new Interests(this.core.pattern)
    if (this.subscribes) for (const topic of plan.topics) this.interests.add(topic)
  }

  get subscribes(): boolean {
    return SUBSCRIBES.has(this.plan.type)
  }

  get lives(): boolean {
    return this.host.alive && !this.core.closed
  }

  /** Binds, connects and begins to read. */
  start(): void {
    for (const address of this.plan.binds) this.bind(address)
    for (const address of this.plan.connects) this.connect(address)
    const { type } = this.plan
    if (NEVER_READS.has(type) || type === "REQ") return
    const readers = type === "REP" ? 1 : this.plan.readers
    for (let at = 0; at < readers; at++) void this.readAll()
  }

  bind(address: string): void {
    try {
      this.core.endpoints.bindSync(address)
    } catch (error) {
      // The one that had it has not gone.
      if ((error as ZmqError).code !== "EADDRINUSE") throw error
      this.loop.later(500, () => {
        if (this.lives) this.bind(address)
      })
    }
  }

  connect(address: string): void {
    const connection = this.core.endpoints.connect(address)
    if (this.plan.type !== "PEER") return
    const number = connection?.pipe?.routingId
    const peer = this.peers.find(({ binds }) => binds.includes(address))
    if (peer === undefined) return
    assert.ok(number !== undefined, `number: ${this.name} has none for ${address}`)
    this.correspondents.learn(number, `s${peer.id}.`)
  }

  pause(): void {
    if (this.paused) return
    this.paused = true
    this.gate = new Promise((resolve) => {
      this.open = resolve
    })
  }

  resume(): void {
    this.paused = false
    this.open?.()
    this.gate = undefined
  }

  /** Ends all receives that are pending. */
  abort(): void {
    const { aborting } = this
    this.aborting = new AbortController()
    aborting.abort(Object.assign(new Error("aborted"), { code: "ABORTED" }))
  }

  /** Asks whether there is something to receive, and takes nothing. */
  look(): void {
    void this.core.pattern.canReceive
  }

  /** Ends the connection of somebody who came, if it knows one. */
  disconnectPeer(): boolean {
    const someone = this.correspondents.any(this.chance)
    if (someone === undefined || this.plan.binds.length === 0) return false
    // What comes while it lingers has no reader.
    this.dropsSome = true
    try {
      ;(this.core.pattern as ServerPattern).disconnect(someone.number as Frame)
    } catch (error) {
      this.check(error)
    }
    return true
  }

  unsubscribe(topic: string): void {
    if (this.interests.remove(topic)) this.dropsSome = true
  }

  /** Sends so many letters, as its type does it. */
  send(count: number, topic: string, waits: boolean): void {
    if (this.plan.type === "REQ") void this.ask()
    if (!SENDS.has(this.plan.type)) return
    for (let at = 0; at < count; at++) {
      if (NUMBERS.has(this.plan.type)) {
        const someone = this.correspondents.any(this.chance)
        if (someone === undefined) return
        void this.put(this.compose(topic, someone.to), [Buffer.from(someone.number)], waits)
        continue
      }
      const peer = this.chance.of(this.peers)
      if (this.plan.type === "ROUTER") {
        const to = peer.options.routingId
        if (to !== undefined)
          this.put(this.compose(topic, `s${peer.id}.`), [Buffer.from(to as string)], waits)
      } else this.put(this.compose(topic), this.envelopeOf(topic, peer), waits)
    }
  }

  private envelopeOf(topic: string, peer?: SocketPlan): Buffer[] {
    if (this.plan.type === "RADIO") return [Buffer.from(topic)]
    return peer?.type === "REP" ? [EMPTY] : []
  }

  /** Publishes one message; undefined: a subscriber has no room. */
  probe(topic: string): Letter | undefined {
    const letter = this.compose(topic)
    void this.put(letter, this.envelopeOf(topic), false)
    return letter.state === "accepted" ? letter : undefined
  }

  private compose(topic: string, to?: string, answers?: string): Letter {
    const sizes: number[] = []
    const counts = SOLE_FRAME.has(this.plan.type) ? [1] : [1, 1, 1, 2, 3, 9]
    for (let parts = this.chance.of(counts); parts > 0; parts--) {
      const most = this.chance.of([0, 10, 10, 10, 20, 40, 100, 100, 300, 20_000])
      sizes.push(most === 20_000 && this.chance.below(16) > 0 ? 5 : this.chance.below(most + 1))
    }
    return this.post.write(this.name, this.number++, topic, sizes, to, answers)
  }

  private put(letter: Letter, envelope: readonly Buffer[], waits: boolean): Promise<void> | undefined {
    const message = [...envelope, ...letter.body.map((frame) => Buffer.from(frame))] as Message
    if (!waits) {
      try {
        const sent = this.core.traffic.trySend(message)
        letter.state = sent ? "accepted" : "refused"
        if (sent) this.acceptedOne(message)
      } catch (error) {
        letter.state = "refused"
        this.check(error)
      }
      return undefined
    }
    return this.watch(this.core.traffic.send(message, undefined, this)).then(
      () => {
        letter.state = "accepted"
        this.acceptedOne(message)
      },
      (error: unknown) => {
        letter.state = "refused"
        this.check(error)
      },
    )
  }

  private acceptedOne(message: Message): void {
    this.accepted++
    // The user may use small frames again.
    for (const frame of message) if (frame.length <= 128) frame.fill(0x21)
  }

  private async watch<Value>(operation: Promise<Value>): Promise<Value> {
    this.pending++
    try {
      return await operation
    } finally {
      this.pending--
    }
  }

  /** Only what is documented. */
  private check(error: unknown): void {
    const { code } = error as { code?: string }
    if (code === undefined || !CODES.includes(code)) this.loop.fail(error)
  }

  private async ask(): Promise<void> {
    if (this.asking || !this.lives) return
    this.asking = true
    try {
      const { relaxed } = this.core.options
      if (this.asked === undefined || relaxed) {
        const letter = this.compose("")
        await this.put(letter, [], true)
        if (letter.state !== "accepted") return
        this.asked = letter
      }
      const message = await this.watch(this.core.traffic.receive(undefined, this))
      this.take(message)
      this.asked = undefined
    } catch (error) {
      this.check(error)
    } finally {
      this.asking = false
    }
  }

  private async readAll(): Promise<void> {
    while (this.lives && this.loop.failure === undefined) {
      if (this.gate !== undefined) {
        await this.gate
        continue
      }
      try {
        const message = await this.watch(this.core.traffic.receive(this.aborting.signal, this))
        if (this.host.alive) this.take(message)
      } catch (error) {
        this.check(error)
      }
    }
  }

  private take(message: Message): void {
    const read = this.post.read(message)
    if (read === undefined) {
      assert.equal(this.plan.type, "XPUB", `damage: ${this.name} received no letter`)
      return
    }
    const { letter, envelope } = read
    this.loop.note(`${this.name} received ${letter.name}`)
    assert.notEqual(letter.state, "refused", `refused: ${letter.name} came although it was not accepted`)
    assert.ok(!this.sees.has(letter.name), `twice: ${this.name} received ${letter.name} again`)
    this.sees.add(letter.name)
    this.received.push(letter)
    this.kept.add(message.slice(envelope.length), letter)
    const { type } = this.plan
    if (letter.to !== undefined) assert.ok(`${this.name}.`.startsWith(letter.to), `astray: ${letter.name}`)
    if (type === "DISH") assert.equal(envelope[0]?.toString(), letter.topic, `group: of ${letter.name}`)
    if (type === "SUB" || type === "DISH")
      assert.ok(this.interests.want(letter.topic), `topic: ${this.name} did not want ${letter.name}`)
    if (type === "REQ" && !this.isForPredecessor(letter))
      assert.equal(letter.answers, this.asked?.name, `lockstep: ${this.name} got ${letter.name}`)
    if (type === "REP") void this.put(this.compose("", this.wayBack(letter), letter.name), [], true)
    if (type === "ROUTER") this.answer(letter, envelope)
    if (NUMBERS.has(type)) this.hear(letter, envelope)
  }

  /** Learns who wrote; a CLIENT is answered. */
  private hear(letter: Letter, [number]: readonly Frame[]): void {
    assert.equal(number?.length, 4, `number: of ${letter.from} at ${this.name}`)
    const to = this.wayBack(letter)
    this.correspondents.learn(number as Frame, to)
    if (this.plan.type === "PEER") return
    void this.put(this.compose("", to, letter.name), [Buffer.from(number as Frame)], true)
  }

  private answer(letter: Letter, envelope: readonly Frame[]): void {
    const from = this.peers.find(({ id }) => letter.from.startsWith(`s${id}.`)) as SocketPlan
    assert.ok(from !== undefined, `astray: ${letter.name} came to ${this.name}`)
    const { routingId } = from.options
    if (routingId !== undefined) assert.equal(envelope[0]?.toString(), routingId, `name: of ${letter.from}`)
    if (from.type === "ROUTER") return
    const to = routingId === undefined ? this.wayBack(letter) : `s${from.id}.`
    void this.put(
      this.compose("", to, letter.name),
      envelope.map((frame) => Buffer.from(frame)),
      true,
    )
  }

  /** Without a number who comes back may get the answer to who was there before. */
  private isForPredecessor({ answers }: Letter): boolean {
    if (this.core.options.correlate || answers === undefined) return false
    return answers.startsWith(`s${this.plan.id}.`) && !answers.startsWith(`${this.name}:`)
  }

  /** On a connection that we made again a successor may get the answer. */
  private wayBack({ from }: Letter): string {
    return this.plan.connects.length > 0 ? from.slice(0, from.indexOf(".") + 1) : `${from}.`
  }
}

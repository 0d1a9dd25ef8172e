// Plays a scenario: its steps, then a time in which everything works, then the end of it all.
import { Actor } from "./actor.js"
import { checkBounds, checkEverythingGone, checkLedger, checkRest, checkTopics } from "./checks.js"
import { Host } from "./host.js"
import { Post } from "./letters.js"
import { Loop } from "./loop.js"
import { Network } from "./network.js"
import { type Plan, type SocketPlan, type Step, TOPICS } from "./plan.js"
import { PUBLISHES } from "./roles.js"

/** When everything works again, what was lost has to come back within so many milliseconds. */
const HEALING_MILLISECONDS = 60_000
const PROBING_MILLISECONDS = 5000
const ENDING_MILLISECONDS = 10_000
const LOOK_MILLISECONDS = 5000

export interface Outcome {
  readonly failure: Error | undefined
  readonly hash: number
  readonly events: number
  readonly received: number
  readonly milliseconds: number
}

/** A scenario that is under way. */
export class World {
  readonly plan: Plan
  readonly loop: Loop = new Loop()
  readonly network: Network
  readonly post: Post = new Post()
  readonly hosts: Host[] = []
  /** Who plays each socket now. */
  readonly actors: Map<number, Actor> = new Map()
  /** All that ever were. */
  readonly everybody: Map<string, Actor> = new Map()
  /** Something happened to a group's sockets that may cost messages without a trace on the wire. */
  readonly disturbed: Set<number> = new Set()
  private incarnations = 0
  private allHosts: Host[] = []
  private over = false

  constructor(plan: Plan) {
    this.plan = plan
    this.network = new Network(this.loop, plan.seed)
  }

  async play(): Promise<Outcome> {
    const { loop, plan } = this
    await loop.run(() => {
      for (let at = 0; at < plan.hosts; at++) this.startHost(at)
    })
    for (const step of plan.steps) {
      loop.later(step.at, () => {
        loop.note(`step ${step.kind} ${step.target} ${step.value}`)
        this.take(step)
      })
    }
    this.lookLater()
    await loop.runUntil(plan.minutes * 60_000)
    await loop.run(() => this.heal())
    await loop.runUntil(loop.now + HEALING_MILLISECONDS)
    await this.check(() => checkRest(this))
    await this.probe()
    await this.check(() => {
      checkRest(this)
      checkLedger(this)
    })
    await this.end()
    const { failure, hash, events } = loop
    let received = 0
    for (const actor of this.everybody.values()) received += actor.received.length
    return { failure, hash, events, received, milliseconds: loop.now }
  }

  private async check(task: () => void): Promise<void> {
    if (this.loop.failure === undefined) await this.loop.run(task)
  }

  private lookLater(): void {
    this.loop.later(LOOK_MILLISECONDS, () => {
      if (this.over) return
      checkBounds(this)
      this.lookLater()
    })
  }

  private startHost(ordinal: number): void {
    const host = new Host(`host${ordinal}`, this.loop, this.network, this.plan.seed, this.allHosts.length)
    this.hosts[ordinal] = host
    this.allHosts.push(host)
    for (const socket of this.plan.sockets) if (socket.host === ordinal) this.startActor(socket)
  }

  private startActor(socket: SocketPlan): Actor {
    const { post, loop, plan } = this
    const peers = plan.sockets.filter((other) => other.group === socket.group && arePeers(socket, other))
    const host = this.hosts[socket.host] as Host
    const actor = new Actor(socket, this.incarnations++, host, peers, post, loop, plan.seed)
    this.actors.set(socket.id, actor)
    this.everybody.set(actor.name, actor)
    actor.start()
    return actor
  }

  private take(step: Step): void {
    if (step.kind === "crash") {
      this.crash(step)
      return
    }
    const actor = this.actors.get(step.target)
    if (actor === undefined || !actor.lives) return
    const { kind, value } = step
    const topic = TOPICS[value % TOPICS.length] as string
    if (kind === "send" || kind === "trySend") this.send(actor, value, topic, kind === "send")
    else if (kind === "pause") actor.pause()
    else if (kind === "resume") actor.resume()
    else if (kind === "abort") actor.abort()
    else if (kind === "look") actor.look()
    else if (kind === "disconnectPeer") this.disconnectPeer(actor)
    else if (kind === "subscribe" && actor.subscribes) actor.interests.add(topic)
    else if (kind === "unsubscribe" && actor.subscribes) actor.unsubscribe(topic)
    else this.disturb(actor, step)
  }

  private disconnectPeer(actor: Actor): void {
    if (actor.disconnectPeer()) this.disturbed.add(actor.plan.group)
  }

  private send(actor: Actor, value: number, topic: string, waits: boolean): void {
    const count = [1, 3, 3, 30, 100][(value >> 4) % 5] as number
    actor.send(count, topic, waits)
    this.loop.later(0.02, () => checkBounds(this))
  }

  private disturb(actor: Actor, { kind, value }: Step): void {
    const { network, loop } = this
    const { plan, core } = actor
    const place = [...plan.binds, ...plan.connects][
      value % (plan.binds.length + plan.connects.length)
    ] as string
    const [, where] = place.split("//") as [string, string]
    if (kind === "reopen") {
      this.disturbed.add(plan.group)
      actor.resume()
      core.close()
      loop.later([0, 10, 3000][value % 3] as number, () => {
        if (!this.over && actor.host.alive && this.actors.get(plan.id) === actor) this.startActor(plan)
      })
      return
    }
    if (place.startsWith("inproc")) return
    if (kind === "reconnect" && plan.connects.length > 0) {
      this.disturbed.add(plan.group)
      actor.dropsSome = true
      if (!actor.connects.delete(place)) return
      core.endpoints.disconnect(place)
      loop.later([0, 10, 3000][value % 3] as number, () => {
        if (!actor.lives) return
        actor.connects.add(place)
        actor.connect(place)
      })
    } else if (kind === "rebind" && plan.binds.length > 0) {
      if (network.ownerAt(where) !== actor.name) return
      // What comes while its connections linger has no reader.
      actor.dropsSome = true
      void core.endpoints.unbind(place).catch(() => {})
      loop.later([0, 10, 3000][value % 3] as number, () => {
        if (actor.lives && !network.isListening(where)) actor.bind(place)
      })
    } else if (kind === "refuse") network.refuse(where, value % 10_000)
    else {
      for (const pair of network.pairsAt(where)) {
        if (kind === "stall") pair.stall(value % 20_000)
        else if (kind === "break") pair.break("ECONNRESET")
        else if (kind === "swallow") pair.swallow()
      }
    }
  }

  private crash({ target, value }: Step): void {
    const host = this.hosts[target]
    if (host === undefined || !host.alive) return
    for (const actor of this.actors.values()) {
      if (actor.host !== host) continue
      this.disturbed.add(actor.plan.group)
      actor.resume()
    }
    host.crash(value % 2 === 0)
    this.loop.later([50, 1000, 20_000][value % 3] as number, () => {
      if (!this.over && this.hosts[target] === host) this.startHost(target)
    })
  }

  /** Nothing goes wrong any more, and everybody reads. */
  private heal(): void {
    this.loop.note("heal")
    this.network.heal()
    this.hosts.forEach((host, at) => {
      if (!host.alive) this.startHost(at)
    })
    for (const actor of this.actors.values()) actor.resume()
  }

  /** Each publisher publishes one message of each topic: who wants it has to get it, and nobody else may. */
  private async probe(): Promise<void> {
    const { loop } = this
    for (const topic of TOPICS) {
      const probes = new Map<Actor, string>()
      await this.check(() => {
        for (const actor of this.actors.values()) {
          if (!actor.lives || !PUBLISHES.has(actor.plan.type)) continue
          const letter = actor.probe(topic)
          if (letter !== undefined) probes.set(actor, letter.name)
        }
      })
      await loop.runUntil(loop.now + PROBING_MILLISECONDS)
      await this.check(() => checkTopics(this, topic, probes))
    }
  }

  private async end(): Promise<void> {
    const { loop } = this
    const ended = new Set<Host>()
    await this.check(() => {
      loop.note("end")
      this.over = true
      for (const host of this.hosts) {
        void host.context.terminate().then(() => ended.add(host))
      }
    })
    await loop.runUntil(loop.now + ENDING_MILLISECONDS)
    await this.check(() => checkEverythingGone(this, ended))
  }
}

function arePeers(socket: SocketPlan, other: SocketPlan): boolean {
  return socket.binds.length > 0 ? other.connects.length > 0 : other.binds.length > 0
}

export function play(plan: Plan, print?: (line: string) => void): Promise<Outcome> {
  const world = new World(plan)
  world.loop.print = print
  return world.play()
}

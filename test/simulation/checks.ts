// What ZeroMQ promises, asked of a scenario. Each failure begins with the name of the promise.
import assert from "node:assert/strict"
import type { SocketPipe } from "#src/core/pipe.js"
import type { Actor } from "./actor.js"
import type { Host } from "./host.js"
import { lettersIn } from "./letters.js"
import type { World } from "./play.js"
import { ANY_PEER, EXCLUSIVE, NEVER_READS, NUMBERS, PUBLISHES, SINGLE_COPY, TAKES_ALL } from "./roles.js"

/** The shortest letter in its frame. */
const SMALLEST_LETTER = 18
/** What a batch holds, in such letters. */
const BATCH_LETTERS = Math.ceil(61_440 / SMALLEST_LETTER)
function pipesOf(actor: Actor): Set<SocketPipe> {
  return (actor.core as unknown as { pipes: Set<SocketPipe> }).pipes
}

function isLocal(actor: Actor): boolean {
  return [...actor.plan.binds, ...actor.plan.connects].some((address) => address.startsWith("inproc"))
}

function living(world: World): Actor[] {
  return [...world.actors.values()].filter((actor) => actor.lives)
}

/** No queue is longer than its mark and what one batch or two reads add. */
export function checkBounds(world: World): void {
  const reads = 2 * Math.ceil(world.network.mostRead / SMALLEST_LETTER) + 2
  for (const actor of living(world)) {
    const { sendHighWaterMark, receiveHighWaterMark } = actor.core.options
    const { type } = actor.plan
    for (const pipe of pipesOf(actor)) {
      const beyond = pipe.peer === undefined || isLocal(actor) ? 0 : BATCH_LETTERS
      // Subscriptions must neither wait nor be lost.
      if (!actor.subscribes) {
        const { length } = pipe.outbox
        assert.ok(length <= sendHighWaterMark + beyond, `mark: ${actor.name} holds ${length} to send`)
      }
      if (NEVER_READS.has(type) || type === "XPUB") continue
      const most = receiveHighWaterMark + (isLocal(actor) ? 0 : reads)
      assert.ok(pipe.unread <= most, `mark: ${actor.name} holds ${pipe.unread} unread of ${most}`)
    }
  }
}

/** Everybody who can be is connected, and nothing waits that could go on. */
export function checkRest(world: World): void {
  checkBounds(world)
  for (const pair of world.network.pairs) {
    if (pair.over) continue
    for (const end of pair.ends) {
      const { out, owner } = end
      // A REQ reads no answers to questions that it has given up.
      if (world.everybody.get(pair.otherOf(end).owner)?.plan.type === "REQ") continue
      // A PING may be on its way.
      if (out.moved > world.loop.now - 1000) continue
      assert.equal(out.queued, 0, `stuck: bytes of ${owner} at ${pair.place} are not read`)
    }
  }
  for (const actor of living(world)) checkActor(world, actor)
}

function checkActor(world: World, actor: Actor): void {
  const { core, plan, name } = actor
  // A stray answer waits until the next question.
  const reads = !NEVER_READS.has(plan.type) && plan.type !== "REQ"
  if (reads) assert.ok(!core.pattern.canReceive, `wake-up: ${name} could receive and does not`)
  const linked = [...pipesOf(actor)].filter((pipe) => pipe.linked)
  const anyPeer = ANY_PEER.has(plan.type)
  // Whose peer is gone ought to have been told so, and everybody else has room.
  const canGo = NUMBERS.has(plan.type)
    ? [...pipesOf(actor)].every((pipe) => pipe.writable)
    : core.pattern.canSend || (anyPeer && linked.some((pipe) => pipe.writable))
  const { senders } = core.traffic as unknown as { senders: { length: number } }
  if (plan.type !== "ROUTER" && !PUBLISHES.has(plan.type)) {
    assert.ok(senders.length === 0 || !canGo, `wake-up: ${name} could send and does not`)
  }
  const peersRead = plan.type !== "ROUTER" && plan.type !== "REP"
  for (const pipe of linked) {
    if (peersRead) assert.equal(pipe.outbox.length, 0, `stuck: ${name} has messages for a peer that reads`)
  }
  const due = plan.connects.filter((address) => {
    if (address.startsWith("inproc")) return false
    return world.network.isListening(address.slice("tcp://".length))
  })
  // A relaxed REQ reads no answers to questions that it has given up, and once they are beyond its mark nothing else, so that its
  // peers take it for dead again and again.
  const deaf = living(world).some(({ core, plan: { group, type } }) => {
    return group === plan.group && type === "REQ" && core.options.relaxed
  })
  if (!EXCLUSIVE.has(plan.type) && !deaf) {
    assert.ok(linked.length >= due.length, `connection: ${name} has ${linked.length} of ${due.length}`)
  }
}

/** What a probe of one topic has to bring about. */
export function checkTopics(world: World, topic: string, probes: ReadonlyMap<Actor, string>): void {
  for (const [publisher, letter] of probes) {
    for (const subscriber of living(world)) {
      if (!subscriber.subscribes || subscriber.plan.group !== publisher.plan.group) continue
      const wanted = subscriber.interests.want(topic)
      const connected = subscriber.plan.connects.some((address) => publisher.plan.binds.includes(address))
      const accepted = publisher.plan.connects.some((address) => subscriber.plan.binds.includes(address))
      if (!connected && !accepted) continue
      if (!wanted && publisher.plan.type === "RADIO" && subscriber.interests.any) {
        // A DISH would not show it.
        const { name } = subscriber
        assert.ok(!wasWritten(world, letter, name), `group: ${letter} of "${topic}" was written to ${name}`)
      }
      // With libzmq, too, a publisher that dials goes by what it was told before the connection was lost.
      if (!wanted && publisher.plan.connects.length > 0) continue
      // The name outlives a binder that came and went, not its connections.
      if (isLocal(subscriber) && world.disturbed.has(subscriber.plan.group)) continue
      assert.equal(
        subscriber.sees.has(letter),
        wanted,
        `subscription: ${subscriber.name} ${wanted ? "missed" : "got"} ${letter} of "${topic}"`,
      )
    }
  }
}

/** Whether a letter was written to somebody on a connection that he still has. */
function wasWritten(world: World, letter: string, to: string): boolean {
  const ends = world.network.pairs
    .filter(({ over }) => !over)
    .flatMap((pair) => {
      return pair.ends.filter((end) => pair.otherOf(end).owner === to)
    })
  return ends.some(({ out }) => lettersIn(out.log).some(({ name }) => name === letter))
}

interface Written {
  readonly name: string
  readonly arrived: boolean
}

/** Holds what was sent against what went over the wire and what was received. */
export function checkLedger(world: World): void {
  const written = new Map<string, Set<string>>()
  for (const pair of world.network.pairs) {
    for (const end of pair.ends) {
      const letters = lettersIn(end.out.log)
      const receiver = pair.otherOf(end).owner
      const seen = written.get(receiver) ?? new Set<string>()
      written.set(receiver, seen)
      const { consumed } = end.out
      for (const { name, end } of letters) {
        // A publisher may not have noticed that a subscriber who is back has gone.
        const writer = world.everybody.get(name.split(":")[0] as string)
        if (end > consumed && writer !== undefined && PUBLISHES.has(writer.plan.type)) continue
        assert.ok(!seen.has(name), `twice: ${name} was written to ${receiver} again`)
        seen.add(name)
        const { state } = world.post.letters.get(name) ?? {}
        assert.notEqual(state, "refused", `refused: ${name} was written although it was not accepted`)
      }
      checkArrivals(
        world,
        receiver,
        letters.map(({ name, end }) => ({ name, arrived: end <= consumed })),
      )
    }
  }
  for (const actor of living(world)) checkSender(actor, written)
  checkLocalGroups(world)
  for (const actor of world.everybody.values()) actor.kept.check()
}

/** What came over one connection was received whole, in order, once. */
function checkArrivals(world: World, receiver: string, letters: readonly Written[]): void {
  const actor = world.everybody.get(receiver)
  if (actor === undefined) return
  const arrived = new Set(letters.filter((letter) => letter.arrived).map(({ name }) => name))
  const order = [...arrived]
  const received = actor.received.filter(({ name }) => arrived.has(name))
  let at = -1
  for (const { name } of received) {
    const place = order.indexOf(name, at + 1)
    assert.ok(place > at, `order: ${receiver} received ${name} late`)
    at = place
  }
  const { type } = actor.plan
  const takesAll = TAKES_ALL.has(type) || type === "DISH" || (type === "ROUTER" && world.plan.calm)
  if (!actor.lives || actor.dropsSome || !takesAll) return
  for (const name of order) {
    // It drops what was meant for a predecessor, or for groups that it was not in yet.
    if (type === "DISH" && !actor.plan.topics.includes(world.post.letters.get(name)?.topic as string))
      continue
    assert.ok(actor.sees.has(name), `lost: ${name} came to ${receiver} unread`)
  }
}

/** Each message that was accepted went to one peer, or was counted as dropped, or waits. */
function checkSender(actor: Actor, written: ReadonlyMap<string, ReadonlySet<string>>): void {
  if (isLocal(actor) || !SINGLE_COPY.has(actor.plan.type)) return
  let went = 0
  for (const names of written.values()) {
    for (const name of names) if (name.startsWith(`${actor.name}:`)) went++
  }
  const { dropped, queuedOut } = actor.core.stats()
  assert.equal(
    went + dropped + queuedOut,
    actor.accepted,
    `lost: of ${actor.accepted} of ${actor.name} ${went} were written, ${dropped} dropped, ${queuedOut} wait`,
  )
}

/** Within a process nothing is lost unless a socket goes. */
function checkLocalGroups(world: World): void {
  for (const actor of living(world)) {
    const { group, type } = actor.plan
    if (!isLocal(actor) || world.disturbed.has(group) || !SINGLE_COPY.has(type)) continue
    if (
      type === "ROUTER" ||
      world.plan.sockets.some((other) => other.group === group && other.type === "REQ")
    )
      continue
    let received = 0
    for (const other of world.everybody.values()) {
      const letters = other.received.filter(({ from }) => from === actor.name)
      received += letters.length
      const numbers = letters.map(({ number }) => number)
      const sorted = [...numbers].sort((one, next) => one - next)
      assert.deepEqual(numbers, sorted, `order: of ${actor.name} at ${other.name}`)
    }
    const { dropped, queuedOut } = actor.core.stats()
    assert.equal(received + dropped + queuedOut, actor.accepted, `lost: of ${actor.name} within the process`)
  }
}

/** After the end nothing is left: no operation, timer, connection, listener or handle. */
export function checkEverythingGone(world: World, ended: ReadonlySet<Host>): void {
  for (const host of world.hosts) {
    assert.ok(ended.has(host), `end: the context of ${host.name} does not end`)
    assert.equal(host.timers, 0, `left: timers of ${host.name}`)
    assert.equal(host.handles, 0, `left: ${host.name} is kept alive`)
  }
  for (const actor of world.everybody.values()) {
    if (!actor.host.alive) continue
    assert.equal(actor.pending, 0, `pending: ${actor.pending} operations of ${actor.name}`)
    assert.equal(pipesOf(actor).size, 0, `left: pipes of ${actor.name}`)
  }
  assert.deepEqual(world.network.listening, [], "left: listeners")
  for (const pair of world.network.pairs) assert.ok(pair.over, `left: a connection to ${pair.place}`)
}

// How sockets of different threads find each other by their inproc names.
//
// Who connects to a name that is not bound in his own thread asks all others; who has it, or binds it later, answers, and
// is dialled over a line of the two threads' own. Lines close with their threads, and then connections end.

import { copyOf, viewOf } from "../bytes.js"
import { type InprocParty, type Introduction, mismatch, peerOf } from "../link/inproc.js"
import type { Hello, Scheduler } from "../link/link.js"
import { ThreadLink } from "../link/thread.js"
import { allocateThreadMemory, ThreadEnd } from "../link/thread-memory.js"
import { ThreadWatch } from "../link/thread-watch.js"
import { isCompatible } from "../peer.js"
import { Claims } from "./claims.js"
import type { GroupMember, GroupMessage, LineMessage, ThreadGroup, ThreadLine, Threads } from "./threads.js"
import type { Accept } from "./transport.js"

/** Threads that do not speak the same way do not hear of each other. */
const GROUP = "puremq inproc 1"

/** The names of one thread. */
export interface LocalNames {
  /** Who is bound to `name`. */
  bindingOf(name: string): { readonly hello: Hello; readonly accept: Accept } | undefined
  /** All names that somebody is waiting for. */
  sought(): Iterable<string>
  /** Takes out all who wait for `name`. */
  takeWaiting(name: string): Iterable<InprocParty>
  /** Lets `party` wait for `name` again. */
  waitAgain(name: string, party: InprocParty): void
}

/** A socket of ours that has dialled another thread and not been answered. */
interface Offer {
  readonly name: string
  readonly party: InprocParty
  readonly memory: ThreadEnd
}

/** A thread among those of its process. */
export class Crossing implements GroupMember {
  private readonly threads: Threads
  private readonly scheduler: Scheduler
  private readonly names: LocalNames
  private readonly watch: ThreadWatch
  private readonly claims: Claims
  private begun = false
  private group: ThreadGroup | undefined
  private readonly neighbours: Map<number, Neighbour> = new Map()
  private readonly dialling: Map<InprocParty, Neighbour> = new Map()

  constructor(threads: Threads, scheduler: Scheduler, names: LocalNames) {
    this.threads = threads
    this.scheduler = scheduler
    this.names = names
    this.watch = new ThreadWatch(threads)
    this.claims = new Claims(threads, scheduler)
  }

  // ---- What sockets of this thread do

  /** Somebody here waits for `name`. */
  seek(name: string): void {
    this.begin()
    this.group?.broadcast({ kind: "seek", name })
  }

  /** Asks whether `name` is free elsewhere; undefined when there is nobody to be asked. */
  claim(name: string): Promise<boolean> | undefined {
    this.begin()
    return this.group === undefined ? undefined : this.claims.make(name, this.group)
  }

  /** Somebody here is bound to `name` now. */
  announce(name: string): void {
    this.begin()
    this.group?.broadcast({ kind: "bound", name })
  }

  /** Gives up what `party` has dialled. */
  cancel(party: InprocParty): void {
    this.dialling.get(party)?.cancel(party)
    this.dialling.delete(party)
  }

  /** The same if no thread has accepted it; false where one has. */
  withdraw(party: InprocParty): boolean {
    if (this.dialling.get(party)?.withdraw(party) === false) return false
    this.dialling.delete(party)
    return true
  }

  private begin(): void {
    if (this.begun) return
    this.begun = true
    this.threads.join(GROUP, this)
  }

  // ---- What other threads do

  joined(group: ThreadGroup): void {
    this.group = group
    group.broadcast({ kind: "join" })
    for (const name of this.names.sought()) group.broadcast({ kind: "seek", name })
  }

  heard(message: GroupMessage, from: number): void {
    switch (message.kind) {
      case "join":
        break
      case "seek":
        if (this.names.bindingOf(message.name) !== undefined) {
          this.neighbourOf(from).post({ kind: "have", name: message.name })
        }
        break
      case "bound":
        this.dialFrom(message.name, () => this.neighbourOf(from))
        break
      case "claim":
        this.claims.vote(
          message,
          from,
          this.group as ThreadGroup,
          this.names.bindingOf(message.name) !== undefined,
        )
    }
  }

  called(line: ThreadLine): void {
    const neighbour = this.meet(line)
    if (!this.neighbours.has(line.thread)) this.neighbours.set(line.thread, neighbour)
  }

  private neighbourOf(thread: number): Neighbour {
    let neighbour = this.neighbours.get(thread)
    if (neighbour === undefined) {
      neighbour = this.meet((this.group as ThreadGroup).lineTo(thread))
      this.neighbours.set(thread, neighbour)
    }
    return neighbour
  }

  private meet(line: ThreadLine): Neighbour {
    const neighbour = new Neighbour(line)
    line.start(
      (message) => this.told(neighbour, message),
      () => this.parted(neighbour),
    )
    return neighbour
  }

  private told(neighbour: Neighbour, message: LineMessage): void {
    switch (message.kind) {
      case "have":
        this.dialFrom(message.name, () => neighbour)
        break
      case "dial":
        this.dialled(neighbour, message)
        break
      case "accepted":
        this.accepted(neighbour, message)
        break
      case "absent":
        this.refused(neighbour, message.id)
    }
  }

  private dialFrom(name: string, to: () => Neighbour): void {
    for (const party of this.names.takeWaiting(name)) {
      const neighbour = to()
      this.dialling.set(party, neighbour)
      neighbour.dial(name, party)
    }
  }

  private dialled(
    neighbour: Neighbour,
    { id, name, introduction, memory }: LineMessage & { kind: "dial" },
  ): void {
    const binding = this.names.bindingOf(name)
    if (binding === undefined) {
      neighbour.post({ kind: "absent", id })
      return
    }
    const end = new ThreadEnd(memory, 1)
    if (!end.accept()) return
    this.connect({ hello: binding.hello, owner: binding.accept() }, introduction, end, neighbour)
    // Only now, so that who hears it finds what he may send.
    neighbour.post({ kind: "accepted", id, introduction: introductionOf(binding.hello) })
  }

  private accepted(neighbour: Neighbour, { id, introduction }: LineMessage & { kind: "accepted" }): void {
    const offer = this.takeOffer(neighbour, id)
    if (offer !== undefined) this.connect(offer.party, introduction, offer.memory, neighbour)
  }

  private refused(neighbour: Neighbour, id: number): void {
    const offer = this.takeOffer(neighbour, id)
    if (offer !== undefined) this.names.waitAgain(offer.name, offer.party)
  }

  private takeOffer(neighbour: Neighbour, id: number): Offer | undefined {
    const offer = neighbour.offers.get(id)
    if (offer === undefined) return undefined
    neighbour.offers.delete(id)
    this.dialling.delete(offer.party)
    return offer
  }

  private connect(party: InprocParty, their: Introduction, memory: ThreadEnd, neighbour: Neighbour): void {
    const { hello, owner } = party
    owner.opened("")
    if (!isCompatible(hello.socketType, their.socketType)) {
      const error = mismatch(hello.socketType, their.socketType)
      owner.ended({ error, linked: false, retry: false })
      return
    }
    const { routingId: id } = their
    const peer = peerOf({ ...their, routingId: viewOf(id.buffer, id.byteOffset, id.byteLength) })
    const link = new ThreadLink(party, peer, memory, this.watch, this.scheduler, () => {
      neighbour.links.delete(link)
    })
    neighbour.links.add(link)
    owner.linked(link)
  }

  private parted(neighbour: Neighbour): void {
    const { thread } = neighbour.line
    if (this.neighbours.get(thread) === neighbour) this.neighbours.delete(thread)
    for (const link of [...neighbour.links]) link.lost()
    for (const id of [...neighbour.offers.keys()]) this.refused(neighbour, id)
  }
}

/** Another thread, as far as one line to it goes. */
class Neighbour {
  readonly line: ThreadLine
  readonly links: Set<ThreadLink> = new Set()
  readonly offers: Map<number, Offer> = new Map()
  private ids = 0

  constructor(line: ThreadLine) {
    this.line = line
  }

  post(message: LineMessage): void {
    this.line.post(message)
  }

  dial(name: string, party: InprocParty): void {
    const id = this.ids++
    const memory = allocateThreadMemory(party.hello.socketType)
    this.offers.set(id, { name, party, memory: new ThreadEnd(memory, 0) })
    this.post({ kind: "dial", id, name, introduction: introductionOf(party.hello), memory })
  }

  cancel(party: InprocParty): void {
    for (const [id, offer] of this.offers) {
      if (offer.party !== party) continue
      this.offers.delete(id)
      // Who has accepted meanwhile finds that we have left.
      if (!offer.memory.withdraw()) offer.memory.end()
    }
  }

  withdraw(party: InprocParty): boolean {
    for (const [id, offer] of this.offers) {
      if (offer.party !== party) continue
      if (!offer.memory.withdraw()) return false
      this.offers.delete(id)
    }
    return true
  }
}

/** What another thread is told of a socket. A view is sent with all the memory that it is of: so the id is copied. */
function introductionOf({ socketType, routingId, metadata }: Hello): Introduction {
  return { socketType, routingId: copyOf(routingId), metadata }
}

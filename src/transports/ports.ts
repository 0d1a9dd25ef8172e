// What two threads tell each other through a port: the inproc names that they have, and what their sockets say.

import { AnnouncedPeer } from "../announced-peer.js"
import { copyOf, keepHere, viewOf } from "../bytes.js"
import type { InprocParty } from "../link/inproc.js"
import type { Hello, Scheduler } from "../link/link.js"
import { type PortLine, PortLink } from "../link/port.js"
import { isCompatible } from "../peer.js"
import type { SlabPool } from "../wire/slab-pool.js"

/** One end of a channel to another thread: what is needed of a `MessagePort`. */
export interface PortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  addEventListener(type: "message" | "messageerror" | "close", listener: (event: unknown) => void): void
  start(): void
  close(): void
  unref?(): unknown
}

/** What is said of a socket. */
type Introduction = Pick<Hello, "socketType" | "routingId" | "metadata">

/** Connections go by the number that who dialled gave them: a negative one is the other side's. */
type PortMessage =
  /** The first: these names are bound here. */
  | { readonly kind: "join"; readonly names: readonly string[] }
  | { readonly kind: "bound"; readonly name: string }
  | { readonly kind: "unbound"; readonly name: string }
  | { readonly kind: "dial"; readonly id: number; readonly name: string; readonly who: Introduction }
  | { readonly kind: "accept"; readonly id: number; readonly who: Introduction }
  /** The name that was dialled is not bound here any more. */
  | { readonly kind: "refuse"; readonly id: number }
  | { readonly kind: "parcel"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly kind: "credit"; readonly id: number; readonly amount: number }
  | { readonly kind: "end"; readonly id: number }
  /** The last: nothing follows. */
  | { readonly kind: "leave" }

/** This side's names, and who looks for others. */
export interface PortHost {
  readonly scheduler: Scheduler
  readonly pool: SlabPool
  /** The names that are bound here. */
  names(): Iterable<string>
  /** Who is to take part in a connection to a name of ours; undefined where nobody is bound to it. */
  accept(name: string): InprocParty | undefined
  /** The other side has a name. */
  offered(name: string, bridge: PortBridge): void
  /** The other side is no more. */
  left(bridge: PortBridge): void
}

interface Offer {
  readonly party: InprocParty
  readonly refused: () => void
}

/** A port, and the connections that go through it. */
export class PortBridge {
  private readonly port: PortLike
  private readonly host: PortHost
  private readonly names: Set<string> = new Set()
  private readonly offers: Map<number, Offer> = new Map()
  private readonly links: Map<number, PortLink> = new Map()
  private ids = 0
  private closed = false

  constructor(port: PortLike, host: PortHost) {
    this.port = port
    this.host = host
    port.addEventListener("message", (event) => this.received((event as { readonly data: unknown }).data))
    port.addEventListener("messageerror", () => this.close())
    port.addEventListener("close", () => this.leave())
    port.start()
    port.unref?.()
    this.post({ kind: "join", names: [...host.names()] })
  }

  /** Whether a socket of the other side is bound to `name`. */
  has(name: string): boolean {
    return this.names.has(name)
  }

  tellBound(name: string): void {
    this.post({ kind: "bound", name })
  }

  tellUnbound(name: string): void {
    this.post({ kind: "unbound", name })
  }

  /** Connects to a name of the other side; the result gives that up. `refused` is told where it was too late. */
  dial(name: string, party: InprocParty, refused: () => void): () => void {
    const id = ++this.ids
    this.offers.set(id, { party, refused })
    this.post({ kind: "dial", id, name, who: introduce(party.hello) })
    return () => {
      if (this.offers.delete(id)) this.post({ kind: "end", id })
    }
  }

  /** Ends all connections and closes the port. */
  close(): void {
    this.post({ kind: "leave" })
    this.leave()
  }

  private leave(): void {
    if (this.closed) return
    this.closed = true
    this.names.clear()
    this.host.left(this)
    for (const link of [...this.links.values()]) link.ended()
    for (const { refused } of [...this.offers.values()]) refused()
    this.offers.clear()
    this.port.close()
  }

  private post(message: PortMessage, memory: ArrayBuffer[] = []): void {
    if (!this.closed) this.port.postMessage(message, memory)
  }

  private received(data: unknown): void {
    if (this.closed) return
    try {
      this.handle(data as PortMessage)
    } catch {
      // What speaks there is none of us.
      this.close()
    }
  }

  private handle(message: PortMessage): void {
    switch (message.kind) {
      case "join":
        for (const name of message.names) this.offered(name)
        break
      case "bound":
        this.offered(message.name)
        break
      case "unbound":
        this.names.delete(message.name)
        break
      case "dial":
        this.dialled(message.name, -message.id, message.who)
        break
      case "accept":
        this.accepted(-message.id, message.who)
        break
      case "refuse":
        this.refused(-message.id)
        break
      case "parcel":
        keepHere(message.bytes.buffer)
        this.links.get(-message.id)?.received(message.bytes)
        break
      case "credit":
        this.links.get(-message.id)?.credited(message.amount)
        break
      case "end":
        this.links.get(-message.id)?.ended()
        break
      case "leave":
        this.leave()
    }
  }

  private offered(name: string): void {
    this.names.add(name)
    this.host.offered(name, this)
  }

  private dialled(name: string, id: number, who: Introduction): void {
    const party = this.host.accept(name)
    if (party === undefined) {
      this.post({ kind: "refuse", id })
      return
    }
    this.post({ kind: "accept", id, who: introduce(party.hello) })
    this.connect(id, party, who)
  }

  private accepted(id: number, who: Introduction): void {
    const offer = this.offers.get(id)
    if (offer === undefined) return
    this.offers.delete(id)
    this.connect(id, offer.party, who)
  }

  private refused(id: number): void {
    const offer = this.offers.get(id)
    this.offers.delete(id)
    offer?.refused()
  }

  private connect(id: number, { hello, owner }: InprocParty, who: Introduction): void {
    owner.opened("")
    if (!isCompatible(hello.socketType, who.socketType)) {
      const error = new Error(`A ${hello.socketType} socket cannot talk to a ${who.socketType} one.`)
      owner.ended({ error, linked: false, retry: false })
      return
    }
    const { scheduler, pool } = this.host
    const line: PortLine = {
      parcel: (bytes) => this.post({ kind: "parcel", id, bytes }, [bytes.buffer as ArrayBuffer]),
      credit: (amount) => this.post({ kind: "credit", id, amount }),
      end: () => this.post({ kind: "end", id }),
    }
    const over = (): void => {
      this.links.delete(id)
    }
    const link = new PortLink({ hello, owner, peer: peerOf(who), line, scheduler, pool, over })
    this.links.set(id, link)
    owner.linked(link)
  }
}

/** A view would be sent with all the memory that it is of: so the id is copied. */
function introduce({ socketType, routingId, metadata }: Hello): Introduction {
  return { socketType, routingId: copyOf(routingId), metadata }
}

function peerOf({ socketType, routingId, metadata }: Introduction): AnnouncedPeer {
  const { buffer, byteOffset, byteLength } = routingId
  const extras = metadata === null ? undefined : new Map(Object.entries(metadata))
  return new AnnouncedPeer(socketType, viewOf(buffer, byteOffset, byteLength), "", extras)
}

// inproc:// whose names may be on the other side of a port, too. Within a thread all is as without one.

import type { InprocParty } from "../link/inproc.js"
import type { Counters, Ending, Hello, Link, LinkOwner, Outbox, Scheduler } from "../link/link.js"
import type { SocketType } from "../peer.js"
import { SlabPool } from "../wire/slab-pool.js"
import { PortBridge, type PortHost, type PortLike } from "./ports.js"
import type { Accept, Dialing, Listener, Transport, TransportSettings } from "./transport.js"

/** Who connects to a name that nobody on either side is bound to yet. */
interface Seeker {
  readonly name: string
  readonly party: InprocParty
  readonly settings: TransportSettings
  /** Gives up what is under way. */
  cancel: () => void
  /** The same; false where another thread has taken it up. */
  withdraw: () => boolean
}

/** `near` is inproc within the thread. A name that is bound there is not looked for elsewhere. */
export class PortedInproc implements Transport, PortHost {
  readonly reconnects = false
  readonly scheduler: Scheduler
  readonly pool: SlabPool = new SlabPool()
  private readonly near: Transport
  private readonly bound: Map<string, { readonly hello: Hello; readonly accept: Accept }> = new Map()
  private readonly seekers: Set<Seeker> = new Set()
  private readonly bridges: Set<PortBridge> = new Set()

  constructor(near: Transport, scheduler: Scheduler) {
    this.near = near
    this.scheduler = scheduler
  }

  outbox(pool: SlabPool, raw: boolean): Outbox {
    return this.near.outbox(pool, raw)
  }

  checkConnect(address: string, settings: TransportSettings): void {
    this.near.checkConnect(address, settings)
  }

  dial(address: string, hello: Hello, settings: TransportSettings, owner: LinkOwner): Dialing {
    if (this.bound.has(address)) return this.near.dial(address, hello, settings, owner)
    const seeker: Seeker = {
      name: address,
      party: { hello, owner },
      settings,
      cancel: () => {},
      withdraw: () => true,
    }
    this.seek(seeker)
    return {
      cancel: () => {
        this.seekers.delete(seeker)
        seeker.cancel()
      },
    }
  }

  boundType(address: string): SocketType | undefined {
    return this.near.boundType?.(address)
  }

  private seek(seeker: Seeker): void {
    const { name, party, settings } = seeker
    for (const bridge of this.bridges) {
      if (!bridge.has(name)) continue
      this.dialOver(bridge, seeker)
      return
    }
    this.seekers.add(seeker)
    // Other threads may answer without a port, too: who has been found is looked for no more.
    const owner = new FoundOwner(party.owner, () => this.seekers.delete(seeker))
    const dialing = this.near.dial(name, party.hello, settings, owner)
    seeker.cancel = () => dialing.cancel()
    seeker.withdraw = () => dialing.withdraw?.() ?? true
  }

  private dialOver(bridge: PortBridge, seeker: Seeker): void {
    seeker.cancel = bridge.dial(seeker.name, seeker.party, () => this.seek(seeker))
  }

  listenSync(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Listener {
    return this.tell(hello, accept, this.near.listenSync(address, hello, settings, accept, {}))
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener> {
    return this.tell(hello, accept, await this.near.listen(address, hello, settings, accept, {}))
  }

  /** What is bound within the thread can be connected to from elsewhere. */
  private tell(hello: Hello, accept: Accept, listener: Listener): Listener {
    const { address } = listener
    this.bound.set(address, { hello, accept })
    // They are connected by now.
    for (const seeker of this.seekers) if (seeker.name === address) this.seekers.delete(seeker)
    for (const bridge of this.bridges) bridge.tellBound(address)
    return {
      address,
      close: () => {
        this.bound.delete(address)
        for (const bridge of this.bridges) bridge.tellUnbound(address)
        return listener.close()
      },
    }
  }

  /** Shares names with the other side of a port from now on. */
  attach(port: PortLike): { close(): void } {
    const bridge = new PortBridge(port, this)
    this.bridges.add(bridge)
    return bridge
  }

  // ---- What bridges ask for

  names(): Iterable<string> {
    return this.bound.keys()
  }

  accept(name: string): InprocParty | undefined {
    const binding = this.bound.get(name)
    return binding && { hello: binding.hello, owner: binding.accept() }
  }

  offered(name: string, bridge: PortBridge): void {
    for (const seeker of this.seekers) {
      if (seeker.name !== name || !seeker.withdraw()) continue
      this.seekers.delete(seeker)
      this.dialOver(bridge, seeker)
    }
  }

  left(bridge: PortBridge): void {
    this.bridges.delete(bridge)
  }
}

/** Tells when a connection is up, and passes everything on. */
class FoundOwner implements LinkOwner {
  private readonly owner: LinkOwner
  private readonly found: () => void

  constructor(owner: LinkOwner, found: () => void) {
    this.owner = owner
    this.found = found
  }

  get counters(): Counters {
    return this.owner.counters
  }

  opened(remote: string, abandon?: () => void): void {
    this.found()
    this.owner.opened(remote, abandon)
  }

  linked(link: Link): void {
    this.owner.linked(link)
  }

  ended(ending: Ending): void {
    this.owner.ended(ending)
  }
}

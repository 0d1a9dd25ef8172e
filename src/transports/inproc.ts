// inproc:// (zmq_inproc(7)): between sockets of one context. Connecting before binding is allowed. The names of the
// process-wide context are known in all threads; what has its peer in the same thread needs nothing of that.

import { ZmqError } from "../errors.js"
import { type InprocParty, linkInproc, MessageQueue } from "../link/inproc.js"
import type { Hello, LinkOwner, Outbox } from "../link/link.js"
import type { SocketType } from "../peer.js"
import { ZAP_ENDPOINT } from "../security/zap.js"
import type { Crossing, LocalNames } from "./crossing.js"
import {
  type Accept,
  type Dialing,
  type Listener,
  splitAddress,
  type Transport,
  type TransportSettings,
} from "./transport.js"

interface Binding {
  readonly hello: Hello
  readonly accept: Accept
}

/** Each context has one of its own: its names are its own, and those of the threads that it has a crossing to. */
export class InprocTransport implements Transport, LocalNames {
  readonly reconnects = false
  private readonly crossing: Crossing | undefined
  private readonly bound: Map<string, Binding> = new Map()
  private readonly waiting: Map<string, Set<InprocParty>> = new Map()
  /** Names that are to be bound when no other thread objects. */
  private readonly claimed: Set<string> = new Set()

  constructor(crossingOf?: (names: LocalNames) => Crossing) {
    this.crossing = crossingOf?.(this)
  }

  /** Who decides about a socket's peers is asked at once, or not at all: so each thread has its own authenticator. */
  private crossingAt(address: string): Crossing | undefined {
    return address === ZAP_ENDPOINT ? undefined : this.crossing
  }

  outbox(): Outbox {
    return new MessageQueue()
  }

  checkConnect(address: string): void {
    splitAddress(address)
  }

  boundType(address: string): SocketType | undefined {
    return this.bound.get(address)?.hello.socketType
  }

  dial(address: string, hello: Hello, _settings: TransportSettings, owner: LinkOwner): Dialing {
    const party: InprocParty = { hello, owner }
    const binding = this.bound.get(address)
    if (binding !== undefined) {
      linkInproc(party, { hello: binding.hello, owner: binding.accept() })
      return { cancel: () => {} }
    }
    this.waitAgain(address, party)
    return {
      cancel: () => {
        this.forget(address, party)
        this.crossing?.cancel(party)
      },
      withdraw: () => {
        if (this.crossing?.withdraw(party) === false) return false
        this.forget(address, party)
        return true
      },
    }
  }

  listenSync(address: string, hello: Hello, _settings: TransportSettings, accept: Accept): Listener {
    this.checkFree(address)
    this.bound.set(address, { hello, accept })
    for (const party of this.takeWaiting(address)) linkInproc(party, { hello, owner: accept() })
    this.crossingAt(address)?.announce(address)
    return {
      address,
      close: () => {
        this.bound.delete(address)
        return Promise.resolve()
      },
    }
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener> {
    this.checkFree(address)
    const claim = this.crossingAt(address)?.claim(address)
    if (claim !== undefined) {
      this.claimed.add(address)
      const free = await claim
      this.claimed.delete(address)
      if (!free) throw new ZmqError("EADDRINUSE", { address })
    }
    return this.listenSync(address, hello, settings, accept)
  }

  private checkFree(address: string): void {
    if (this.bound.has(address) || this.claimed.has(address)) throw new ZmqError("EADDRINUSE", { address })
  }

  private forget(address: string, party: InprocParty): void {
    const parties = this.waiting.get(address)
    if (parties?.delete(party) && parties.size === 0) this.waiting.delete(address)
  }

  // ---- What other threads are told

  bindingOf(name: string): Binding | undefined {
    return name === ZAP_ENDPOINT ? undefined : this.bound.get(name)
  }

  sought(): Iterable<string> {
    return [...this.waiting.keys()].filter((name) => name !== ZAP_ENDPOINT)
  }

  takeWaiting(name: string): Iterable<InprocParty> {
    const parties = this.waiting.get(name)
    this.waiting.delete(name)
    return parties ?? []
  }

  waitAgain(name: string, party: InprocParty): void {
    const binding = this.bound.get(name)
    if (binding !== undefined) {
      linkInproc(party, { hello: binding.hello, owner: binding.accept() })
      return
    }
    const parties = this.waiting.get(name)
    if (parties !== undefined) parties.add(party)
    else {
      this.waiting.set(name, new Set([party]))
      this.crossingAt(name)?.seek(name)
    }
  }
}

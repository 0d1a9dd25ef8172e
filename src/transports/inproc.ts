// inproc:// (zmq_inproc(7)): between sockets of one context. Connecting before binding is allowed.

import { ZmqError } from "../errors.js"
import { type InprocParty, linkInproc, MessageQueue } from "../link/inproc.js"
import type { Hello, LinkOwner, Outbox } from "../link/link.js"
import type { SocketType } from "../peer.js"
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

/** Each context has one of its own: its names are its own. */
export class InprocTransport implements Transport {
  readonly reconnects = false
  private readonly bound: Map<string, Binding> = new Map()
  private readonly waiting: Map<string, Set<InprocParty>> = new Map()

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
    let parties = this.waiting.get(address)
    if (parties === undefined) this.waiting.set(address, (parties = new Set()))
    parties.add(party)
    return {
      cancel: () => {
        parties.delete(party)
        if (parties.size === 0 && this.waiting.get(address) === parties) this.waiting.delete(address)
      },
    }
  }

  listenSync(address: string, hello: Hello, _settings: TransportSettings, accept: Accept): Listener {
    if (this.bound.has(address)) throw new ZmqError("EADDRINUSE", { address })
    this.bound.set(address, { hello, accept })
    const parties = this.waiting.get(address)
    this.waiting.delete(address)
    for (const party of parties ?? []) linkInproc(party, { hello, owner: accept() })
    return {
      address,
      close: () => {
        this.bound.delete(address)
        return Promise.resolve()
      },
    }
  }

  listen(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Promise<Listener> {
    try {
      return Promise.resolve(this.listenSync(address, hello, settings, accept))
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

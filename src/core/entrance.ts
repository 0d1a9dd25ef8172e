import { LimitError } from "../errors.js"
import type { AcceptedConnection } from "./connection.js"
import type { Notices } from "./notices.js"

/** What an endpoint goes by, as it was when it was bound; 0: any number. */
export interface EntranceSettings {
  readonly maxConnections: number
  readonly maxHandshakes: number
}

/** Where peers come in: the connections to one bound endpoint, and how many there may be. */
export class Entrance {
  /** As it was given to `bind`, until it is bound: then with everything resolved. */
  address: string
  /** Whether they speak plain TCP. */
  readonly raw: boolean
  readonly notices: Notices | undefined
  readonly accepted: Set<AcceptedConnection> = new Set()
  /** Those whose handshakes are under way, the oldest first. */
  private readonly shaking: Set<AcceptedConnection> = new Set()
  private readonly maxConnections: number
  private readonly maxHandshakes: number

  constructor(address: string, raw: boolean, notices: Notices | undefined, settings: EntranceSettings) {
    this.address = address
    this.raw = raw
    this.notices = notices
    this.maxConnections = settings.maxConnections || Infinity
    this.maxHandshakes = settings.maxHandshakes || Infinity
  }

  /**
   * Begins the handshake of one of the accepted; false when there is no room for it. An honest peer is done soon, so
   * the oldest handshake is the likeliest to come to nothing.
   */
  admit(newcomer: AcceptedConnection): boolean {
    const crowded = this.accepted.size > this.maxConnections
    if (crowded && this.shaking.size === 0) return false
    if (crowded || this.shaking.size >= this.maxHandshakes) this.giveUpOldest()
    this.shaking.add(newcomer)
    return true
  }

  private giveUpOldest(): void {
    for (const oldest of this.shaking) {
      this.shaking.delete(oldest)
      oldest.giveUp(new LimitError("ENOBUFS", { message: "The handshake gave its place to a newer one." }))
      return
    }
  }

  /** The handshake is over. */
  linked(connection: AcceptedConnection): void {
    this.shaking.delete(connection)
  }

  leave(connection: AcceptedConnection): void {
    this.shaking.delete(connection)
    this.accepted.delete(connection)
  }
}

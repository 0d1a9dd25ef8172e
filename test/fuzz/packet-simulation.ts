// WebSockets for a SimulatedPlatform: those of the other end are a test's.
import assert from "node:assert/strict"
import type { Scheduler } from "#src/link/link.js"
import type { PacketConn, PacketHandler, PacketTerms } from "#src/link/packet-conn.js"
import type { Transport } from "#src/transports/transport.js"
import type { WebSocketPlatform, WebSocketServerPlatform } from "#src/transports/websocket-platform.js"
import { WsTransport } from "#src/transports/ws.js"
import { WsEntrance } from "#src/transports/ws-entrance.js"
import type { Chance } from "./chance.js"
import { SimulatedPlatform } from "./simulation.js"

/** A platform whose one transport is ws, and one WebSocket of it. */
export class PacketPlatform extends SimulatedPlatform {
  /** Brings a WebSocket that was dialled or accepted, whichever the socket waits for; what it is to go by. */
  meet: ((conn: PacketConn) => PacketTerms) | undefined

  override createTransports(scheduler: Scheduler): Map<string, Transport> {
    const entrance = new WsEntrance(this.#server(), scheduler, false)
    return new Map([["ws", new WsTransport(this.#dialler(), scheduler, false, entrance)]])
  }

  #dialler(): WebSocketPlatform {
    return {
      connect: (_target, terms, _settings, opened) => {
        this.meet = (conn) => {
          this.meet = undefined
          opened(conn)
          return terms
        }
        return () => {
          this.meet = undefined
        }
      },
    }
  }

  #server(): WebSocketServerPlatform {
    return {
      listen: (_place, terms, _settings, accept) => {
        this.meet = (conn) => {
          accept(conn)
          return terms
        }
        return {
          host: "127.0.0.1",
          port: 1,
          close: async () => {
            this.meet = undefined
          },
        }
      },
      attach: () => assert.fail("nobody has a server"),
      resolve: (host) => Promise.resolve(host),
      interfaceAddress: () => undefined,
    }
  }
}

/** A WebSocket whose other end is a test; it holds the library to the rules of PacketConn. */
export class SimulatedPacketConn implements PacketConn {
  readonly remote = "127.0.0.1:2"
  /** What was written. */
  readonly written: Buffer[] = []
  readonly pings: boolean
  /** Nothing more is to be read for now. */
  paused = false
  /** Its end has been asked for or told. */
  closing = false
  closed = false
  readonly #platform: SimulatedPlatform
  readonly #chance: Chance | undefined
  #handler: PacketHandler | undefined
  #writing = false

  /** With `chance` some writes take their time. */
  constructor(platform: SimulatedPlatform, pings: boolean, chance: Chance | undefined) {
    this.#platform = platform
    this.pings = pings
    this.#chance = chance
  }

  get handler(): PacketHandler {
    return this.#handler ?? assert.fail("it has not been started")
  }

  /** The WebSocket ends, for `error` or in order. */
  close(error: Error | undefined): void {
    this.closing = true
    if (this.closed) return
    this.closed = true
    this.#handler?.closed(error)
  }

  start(handler: PacketHandler): void {
    assert.equal(this.#handler, undefined, "started twice")
    this.#handler = handler
  }

  write(packets: readonly Uint8Array[]): boolean {
    assert.ok(!this.#writing, "written to while a write is pending")
    if (this.closing) return false
    for (const packet of packets) {
      assert.ok(packet.length > 0 && (packet[0] as number) <= 2, "a packet has flags")
      this.written.push(Buffer.from(packet))
    }
    this.#writing = this.#chance?.below(4) === 0
    if (!this.#writing) return true
    this.#platform.afterMicrotasks(() => {
      this.#writing = false
      if (!this.closed) this.#handler?.written()
    })
    return false
  }

  ping(): boolean {
    assert.ok(this.pings, "no pings here")
    return !this.#writing
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  end(): void {
    this.#closeLater()
  }

  destroy(): void {
    this.#closeLater()
  }

  #closeLater(): void {
    if (this.closing) return
    this.closing = true
    this.#platform.afterMicrotasks(() => this.close(undefined))
  }
}

// ws:// (ZWS 2.0, RFC 45): ZMTP's messages over WebSockets, with libzmq's address rules for ws.

import type { BindOptions } from "../bind-options.js"
import { ZmqError } from "../errors.js"
import type { Hello, LinkOwner, Outbox, Scheduler } from "../link/link.js"
import type { PacketTerms } from "../link/packet-conn.js"
import { ZwsLink } from "../link/zws.js"
import { subprotocolsFor, webSubprotocolsFor } from "../link/zws-handshake.js"
import { PacketEncoder } from "../wire/packet-encoder.js"
import type { SlabPool } from "../wire/slab-pool.js"
import type { Accept, Dialing, Listener, Transport, TransportSettings } from "./transport.js"
import type { WebSocketPlatform } from "./websocket-platform.js"
import { parseTarget } from "./ws-address.js"
import type { WsEntrance } from "./ws-entrance.js"

/**
 * `ws://host:port[/path]`. Host names are resolved at each attempt, so one that cannot be is no error of `connect`.
 */
export class WsTransport implements Transport {
  readonly reconnects = true
  private readonly platform: WebSocketPlatform
  private readonly scheduler: Scheduler
  private readonly secure: boolean
  private readonly entrance: WsEntrance | undefined

  /** `secure`: over TLS its scheme is wss. Without an `entrance` nobody can be listened for. */
  constructor(platform: WebSocketPlatform, scheduler: Scheduler, secure: boolean, entrance?: WsEntrance) {
    this.platform = platform
    this.secure = secure
    this.scheduler = scheduler
    this.entrance = entrance
  }

  outbox(pool: SlabPool): Outbox {
    return new PacketEncoder(pool)
  }

  checkConnect(address: string): void {
    parseTarget(address, this.secure)
  }

  dial(address: string, hello: Hello, settings: TransportSettings, owner: LinkOwner): Dialing {
    let cancel = this.platform.connect(
      parseTarget(address, this.secure),
      termsOf(hello),
      settings,
      (conn) => {
        const link = new ZwsLink(conn, hello, owner, this.scheduler)
        cancel = () => link.abandon()
        owner.opened(conn.remote)
        link.open()
      },
      (reason) => {
        const error = reason instanceof Error ? reason : new Error(String(reason))
        const refused = "code" in error && error.code === "ECONNREFUSED"
        owner.ended({ error, linked: false, retry: true, refused })
      },
    )
    return { cancel: () => cancel() }
  }

  listenSync(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
    options: BindOptions,
  ): Listener {
    return this.entranceFor(address).listenSync(address, hello, settings, accept, options)
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
    options: BindOptions,
  ): Promise<Listener> {
    return this.entranceFor(address).listen(address, hello, settings, accept, options)
  }

  private entranceFor(address: string): WsEntrance {
    if (this.entrance !== undefined) return this.entrance
    throw new ZmqError("EPROTONOSUPPORT", {
      address,
      message: "Nobody can connect to us here: only connect() is possible.",
    })
  }
}

/** What CURVE adds to a frame, and the flags of a packet. */
const MOST_BESIDES = 65

/** Framing and signs of life around the commands of a handshake. */
const MOST_AROUND_HANDSHAKE = 1024

/** What a connection goes by from its opening handshake on. */
export function termsOf(hello: Hello): PacketTerms {
  const { limits, handshakeLimits, security } = hello
  return {
    subprotocols: subprotocolsFor(hello),
    webSubprotocols: webSubprotocolsFor(hello),
    packetBytes:
      security.mechanism === "NULL"
        ? limits.frameBytes + 1
        : Math.max(limits.frameBytes, handshakeLimits.messageBytes) + MOST_BESIDES,
    handshakeBytes: handshakeLimits.messageBytes + MOST_AROUND_HANDSHAKE,
  }
}

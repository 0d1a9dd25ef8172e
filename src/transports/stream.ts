// What tcp and ipc have in common: a byte stream from the platform with ZMTP on it, or what a raw socket likes.

import { fromPlatform, ZmqError } from "../errors.js"
import type { Conn } from "../link/conn.js"
import { GreetedPlaces } from "../link/greeted-places.js"
import type { Hello, LinkOwner, Outbox, Scheduler } from "../link/link.js"
import { RawLink } from "../link/raw.js"
import { ZmtpLink } from "../link/zmtp.js"
import { Encoder } from "../wire/encoder.js"
import { RawOutbox } from "../wire/raw-outbox.js"
import type { SlabPool } from "../wire/slab-pool.js"
import type { Accept, Dialing, Listener, Transport, TransportSettings } from "./transport.js"

/** Where a stream leads to. */
export type StreamTarget =
  | {
      readonly kind: "tcp"
      /** A host name or a numeric address. */
      readonly host: string
      readonly port: number
      /** The numeric address and port to connect from. */
      readonly source: { readonly host: string; readonly port: number } | undefined
    }
  | {
      readonly kind: "path"
      /** A file, or a name in Linux's abstract namespace behind a leading NUL. */
      readonly path: string
    }

/** A listening socket of the platform. */
export interface StreamListener {
  /** The numeric address and port that were bound; empty and 0 for a path. */
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** Streams as a platform makes them. */
export interface StreamPlatform {
  /** Connects once; then exactly one of the two is called, unless the result was. */
  connect(
    target: StreamTarget,
    settings: TransportSettings,
    opened: (conn: Conn) => void,
    failed: (error: unknown) => void,
  ): () => void
  /** Listens on a numeric address or a path; throws the platform's error. `failed` hears of those later on. */
  listen(
    target: StreamTarget,
    settings: TransportSettings,
    accept: (conn: Conn) => void,
    failed: (error: Error) => void,
  ): StreamListener
  /** The numeric address of a host name, for binding. */
  resolve(host: string, settings: TransportSettings): Promise<string>
  /** The numeric address of a network interface by its name; undefined when there is none. */
  interfaceAddress(name: string, ipv6: boolean): string | undefined
}

/** ZMTP over the platform's streams; a scheme adds its address rules. */
export abstract class StreamTransport implements Transport {
  readonly reconnects = true
  protected readonly platform: StreamPlatform
  protected readonly scheduler: Scheduler
  private readonly places: GreetedPlaces = new GreetedPlaces()

  constructor(platform: StreamPlatform, scheduler: Scheduler) {
    this.platform = platform
    this.scheduler = scheduler
  }

  outbox(pool: SlabPool, raw: boolean): Outbox {
    return raw ? new RawOutbox() : new Encoder(pool)
  }

  abstract checkConnect(address: string, settings: TransportSettings): void
  abstract listenSync(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Listener
  abstract listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener>

  /** Where `address`, which has been checked, leads to. */
  protected abstract connectTarget(address: string, settings: TransportSettings): StreamTarget

  dial(address: string, hello: Hello, settings: TransportSettings, owner: LinkOwner): Dialing {
    let cancel = this.connectStream(
      address,
      settings,
      (conn) => {
        const link = this.linkOver(conn, hello, owner)
        cancel = () => link.abandon()
        owner.opened(conn.remote)
        link.open(this.places.at(address))
      },
      (reason, refused) => {
        const error = reason instanceof Error ? reason : new Error(String(reason))
        owner.ended({ error, linked: false, retry: true, refused })
      },
    )
    return { cancel: () => cancel() }
  }

  private linkOver(conn: Conn, hello: Hello, owner: LinkOwner): ZmtpLink | RawLink {
    if (hello.raw) return new RawLink(conn, hello, owner, this.scheduler)
    return new ZmtpLink(conn, hello, owner, this.scheduler)
  }

  /** Makes the stream to a peer once; then exactly one of the two is called, unless the result was. */
  protected connectStream(
    address: string,
    settings: TransportSettings,
    opened: (conn: Conn) => void,
    failed: (error: unknown, refused: boolean) => void,
  ): () => void {
    const target = this.connectTarget(address, settings)
    return this.platform.connect(target, settings, opened, (error) => {
      // As with libzmq a file that nobody listens at is nobody's refusal.
      const refused = (error as { code?: unknown } | undefined)?.code === "ECONNREFUSED"
      failed(error, refused && target.kind === "tcp")
    })
  }

  /** Listens on `target`; `describe` tells the endpoint that was bound, `admits` which peers may come in. */
  protected listenOn(
    address: string,
    target: StreamTarget,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
    describe: (listener: StreamListener) => string,
    admits?: (remote: string) => boolean,
  ): Listener {
    try {
      const refuse = (error: Error): void => accept().ended({ error, linked: false, retry: false })
      const welcome = (conn: Conn): void => {
        if (admits !== undefined && !admits(conn.remote)) {
          conn.destroy()
          refuse(new ZmqError("EACCES", { message: `tcpAcceptFilter turned ${conn.remote} away.` }))
          return
        }
        const owner = accept()
        const link = this.linkOver(conn, hello, owner)
        owner.opened(conn.remote, () => link.abandon())
        link.openLater()
      }
      const listener = this.platform.listen(target, settings, welcome, refuse)
      return { address: describe(listener), close: () => listener.close() }
    } catch (error) {
      throw fromPlatform(error, address, "EINVAL")
    }
  }
}

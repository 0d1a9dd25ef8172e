// tcp:// (zmq_tcp(7)).

import { ZmqError } from "../errors.js"
import type { Hello, LinkOwner, Outbox, Scheduler } from "../link/link.js"
import type { SlabPool } from "../wire/slab-pool.js"
import { StreamLinks, type StreamPlatform, type StreamTarget } from "./stream.js"
import {
  formatTcp,
  type HostAndPort,
  isNumeric,
  parseConnectAddress,
  parseHostAndPort,
} from "./tcp-address.js"
import {
  type Accept,
  type Dialing,
  type Listener,
  splitAddress,
  type Transport,
  type TransportSettings,
} from "./transport.js"

/** Host names are resolved at each attempt, so one that cannot be is no error of `connect`. */
export class TcpTransport implements Transport {
  readonly reconnects = true
  readonly local = false
  private readonly platform: StreamPlatform
  private readonly links: StreamLinks

  constructor(platform: StreamPlatform, scheduler: Scheduler) {
    this.platform = platform
    this.links = new StreamLinks(platform, scheduler)
  }

  outbox(pool: SlabPool): Outbox {
    return this.links.outbox(pool)
  }

  checkConnect(address: string): void {
    parseConnectAddress(splitAddress(address).rest, address)
  }

  dial(address: string, hello: Hello, settings: TransportSettings, owner: LinkOwner): Dialing {
    const { peer, source } = parseConnectAddress(splitAddress(address).rest, address)
    const target: StreamTarget = {
      kind: "tcp",
      host: peer.host,
      port: peer.port,
      source: source && { host: this.localAddress(source, settings) ?? source.host, port: source.port },
    }
    return this.links.dial(target, hello, settings, owner)
  }

  listenSync(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Listener {
    const wanted = parseHostAndPort(splitAddress(address).rest, address, true)
    const host = this.localAddress(wanted, settings)
    if (host === undefined) {
      throw new ZmqError("ENODEV", {
        address,
        message: `${wanted.host} is no address or interface of this machine; bind() looks up host names, bindSync() can't.`,
      })
    }
    return this.listenOn(address, host, wanted.port, hello, settings, accept)
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener> {
    const wanted = parseHostAndPort(splitAddress(address).rest, address, true)
    const host = this.localAddress(wanted, settings) ?? (await this.resolve(wanted.host, address, settings))
    return this.listenOn(address, host, wanted.port, hello, settings, accept)
  }

  private listenOn(
    address: string,
    host: string,
    port: number,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Listener {
    const target: StreamTarget = { kind: "tcp", host, port, source: undefined }
    return this.links.listen(address, target, hello, settings, accept, (bound) =>
      formatTcp(bound.host, bound.port),
    )
  }

  /** The numeric address to bind to; undefined for a host name. */
  private localAddress({ host }: HostAndPort, { ipv6 }: TransportSettings): string | undefined {
    if (host === "*") return ipv6 ? "::" : "0.0.0.0"
    if (isNumeric(host)) return host
    return this.platform.interfaceAddress(host, ipv6)
  }

  private async resolve(host: string, address: string, settings: TransportSettings): Promise<string> {
    try {
      return await this.platform.resolve(host, settings)
    } catch (error) {
      throw new ZmqError("ENODEV", { address, cause: error })
    }
  }
}

// udp:// (zmq_udp(7)): RADIO connects, DISH and DGRAM bind. Nobody knows who is there.

import { fromPlatform, ZmqError } from "../errors.js"
import { DatagramLink } from "../link/datagrams.js"
import { MessageQueue } from "../link/inproc.js"
import type { Hello, LinkOwner, Outbox, Scheduler } from "../link/link.js"
import type { Frame } from "../message.js"
import type { DatagramHandler, DatagramPlan, DatagramPlatform } from "./datagrams.js"
import type { StreamPlatform } from "./stream.js"
import { isNumeric } from "./tcp-address.js"
import {
  type Accept,
  type Dialing,
  type Listener,
  splitAddress,
  type Transport,
  type TransportSettings,
} from "./transport.js"
import { formatUdp, isMulticast, parseUdpAddress, type UdpAddress } from "./udp-address.js"

/** What of the platform knows names. */
type Names = Pick<StreamPlatform, "resolve" | "interfaceAddress">

export class UdpTransport implements Transport {
  readonly connectionless = { RADIO: "connect", DISH: "bind", DGRAM: "bind" } as const
  readonly reconnects = true
  private readonly datagrams: DatagramPlatform
  private readonly names: Names
  private readonly scheduler: Scheduler

  constructor(datagrams: DatagramPlatform, names: Names, scheduler: Scheduler) {
    this.datagrams = datagrams
    this.names = names
    this.scheduler = scheduler
  }

  outbox(): Outbox {
    return new MessageQueue()
  }

  checkConnect(address: string, { ipv6 }: TransportSettings): void {
    const parsed = parseUdpAddress(splitAddress(address).rest, address, "connect")
    this.checkFamily(parsed, ipv6, address, "EINVAL")
    this.checkInterface(parsed, ipv6, address)
  }

  dial(address: string, hello: Hello, settings: TransportSettings, owner: LinkOwner): Dialing {
    const parsed = parseUdpAddress(splitAddress(address).rest, address, "connect")
    let cancelled = false
    const open = (host: string): void => {
      if (cancelled) return
      const target = { host, port: parsed.target.port }
      const link = new DatagramLink(hello, owner, this.scheduler, target)
      const plan = {
        local: undefined,
        group: isMulticast(host) ? host : undefined,
        interface: parsed.interface,
        ipv6: host.includes(":"),
      }
      link.open(this.datagrams.open(plan, settings, handlerOf(link)))
    }
    const fail = (error: unknown): void => {
      if (!cancelled)
        owner.ended({ error: fromPlatform(error, address, "EINVAL"), linked: false, retry: true })
    }
    // Either way in another turn: who connects has not even got his pipe yet.
    const host = isNumeric(parsed.target.host)
      ? Promise.resolve(parsed.target.host)
      : this.names.resolve(parsed.target.host, settings)
    host.then(open).catch(fail)
    return {
      cancel: () => {
        cancelled = true
      },
    }
  }

  listenSync(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Listener {
    const parsed = parseUdpAddress(splitAddress(address).rest, address, "bind")
    const host = this.localAddress(parsed, settings)
    if (host === undefined) {
      throw new ZmqError("ENODEV", {
        address,
        message: `${parsed.target.host} is no address or interface of this machine; bind() looks up host names, bindSync() can't.`,
      })
    }
    return this.listenAt(address, parsed, host, hello, settings, accept)
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener> {
    const parsed = parseUdpAddress(splitAddress(address).rest, address, "bind")
    const host = this.localAddress(parsed, settings) ?? (await this.resolve(parsed, address, settings))
    return this.listenAt(address, parsed, host, hello, settings, accept)
  }

  private listenAt(
    address: string,
    parsed: UdpAddress,
    host: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Listener {
    this.checkFamily({ ...parsed, target: { ...parsed.target, host } }, settings.ipv6, address, "ENODEV")
    this.checkInterface(parsed, settings.ipv6, address)
    const plan: DatagramPlan = {
      local: { host, port: parsed.target.port },
      group: parsed.multicast ? host : undefined,
      interface: parsed.interface,
      ipv6: host.includes(":"),
    }
    let link: DatagramLink | undefined
    try {
      const socket = this.datagrams.open(plan, settings, {
        received: (bytes, from) => link?.received(bytes as Frame, from),
        failed: (error) => link?.failed(error),
      })
      const opened = new DatagramLink(hello, accept(), this.scheduler, undefined)
      link = opened
      opened.open(socket)
      if (opened.ended) {
        throw new ZmqError("EINVAL", {
          address,
          message: "The socket is bound already, and has one address.",
        })
      }
      const target = { host: parsed.multicast ? host : socket.local.host, port: socket.local.port }
      return {
        address: formatUdp({ ...parsed, target }),
        close: () => {
          opened.end()
          return opened.closed
        },
      }
    } catch (error) {
      throw error instanceof ZmqError ? error : fromPlatform(error, address, "EINVAL")
    }
  }

  private checkFamily(
    { target }: UdpAddress,
    ipv6: boolean,
    address: string,
    code: "EINVAL" | "ENODEV",
  ): void {
    if (target.host.includes(":") && !ipv6) {
      throw new ZmqError(code, { address, message: "An IPv6 address needs the option ipv6." })
    }
  }

  private checkInterface({ interface: name, target }: UdpAddress, ipv6: boolean, address: string): void {
    if (name === undefined || isNumeric(name)) return
    if (this.names.interfaceAddress(name, ipv6 && target.host.includes(":")) === undefined) {
      throw new ZmqError("ENODEV", { address, message: `${name} is no interface of this machine.` })
    }
  }

  /** The numeric address to bind to; undefined for a host name. */
  private localAddress({ target: { host } }: UdpAddress, { ipv6 }: TransportSettings): string | undefined {
    if (host === "*") return ipv6 ? "::" : "0.0.0.0"
    if (isNumeric(host)) return host
    return this.names.interfaceAddress(host, ipv6) ?? (host === "localhost" ? "127.0.0.1" : undefined)
  }

  private async resolve(
    { target }: UdpAddress,
    address: string,
    settings: TransportSettings,
  ): Promise<string> {
    try {
      return await this.names.resolve(target.host, settings)
    } catch (error) {
      throw new ZmqError("ENODEV", { address, cause: error })
    }
  }
}

function handlerOf(link: DatagramLink): DatagramHandler {
  return {
    received: (bytes, from) => link.received(bytes as Frame, from),
    failed: (error) => link.failed(error),
  }
}

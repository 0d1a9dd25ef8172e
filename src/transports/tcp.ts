// tcp:// (zmq_tcp(7)).

import { ZmqError } from "../errors.js"
import type { Conn } from "../link/conn.js"
import type { Hello } from "../link/link.js"
import { acceptFilter } from "./accept-filter.js"
import { SocksHandshake } from "./socks.js"
import { SocksConn } from "./socks-conn.js"
import { type StreamTarget, StreamTransport } from "./stream.js"
import {
  formatPeer,
  formatTcp,
  type HostAndPort,
  isNumeric,
  parseBindAddress,
  parseConnectAddress,
} from "./tcp-address.js"
import { type Accept, type Listener, splitAddress, type TransportSettings } from "./transport.js"

/** The one name that means the same everywhere. */
const LOOPBACK = "127.0.0.1"

/** Host names are resolved at each attempt, so one that cannot be is no error of `connect`. */
export class TcpTransport extends StreamTransport {
  checkConnect(address: string, { socksProxy }: TransportSettings): void {
    parseConnectAddress(splitAddress(address).rest, address)
    if (socksProxy !== null) parseConnectAddress(socksProxy, address)
  }

  protected connectTarget(address: string, settings: TransportSettings): StreamTarget {
    const { peer, source } = parseConnectAddress(splitAddress(address).rest, address)
    return {
      kind: "tcp",
      host: peer.host,
      port: peer.port,
      source: source && { host: this.localAddress(source, settings) ?? source.host, port: source.port },
    }
  }

  protected override connectStream(
    address: string,
    settings: TransportSettings,
    opened: (conn: Conn) => void,
    failed: (error: unknown, refused: boolean) => void,
  ): () => void {
    const { socksProxy, socksUsername, socksPassword, connectTimeout, handshakeInterval } = settings
    if (socksProxy === null) return super.connectStream(address, settings, opened, failed)
    const { peer } = parseConnectAddress(splitAddress(address).rest, address)
    // Nobody but the proxy can say whether the peer refuses.
    const owner = { opened, failed: (error: unknown) => failed(error, false) }
    let proxied: SocksConn | undefined
    const cancel = this.platform.connect(
      this.proxyTarget(address, socksProxy, settings),
      settings,
      (conn) => {
        const handshake = new SocksHandshake(peer, { username: socksUsername, password: socksPassword })
        const limit = connectTimeout || handshakeInterval
        proxied = new SocksConn(conn, formatPeer(peer), handshake, owner, this.scheduler, limit)
        proxied.open()
      },
      owner.failed,
    )
    return () => (proxied === undefined ? cancel() : proxied.abandon())
  }

  /** The proxy's place, reached from where the address wants to come from. */
  private proxyTarget(address: string, socksProxy: string, settings: TransportSettings): StreamTarget {
    const { peer } = parseConnectAddress(socksProxy, socksProxy)
    return { ...(this.connectTarget(address, settings) as StreamTarget & { kind: "tcp" }), ...peer }
  }

  listenSync(address: string, hello: Hello, settings: TransportSettings, accept: Accept): Listener {
    const wanted = parseBindAddress(splitAddress(address).rest, address)
    const host = this.localAddress(wanted, settings) ?? (wanted.host === "localhost" ? LOOPBACK : undefined)
    if (host === undefined) {
      throw new ZmqError("ENODEV", {
        address,
        message: `${wanted.host} is no address or interface of this machine; bind() looks up host names, bindSync() can't.`,
      })
    }
    return this.listenAt(address, host, wanted.port, hello, settings, accept)
  }

  async listen(
    address: string,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Promise<Listener> {
    const wanted = parseBindAddress(splitAddress(address).rest, address)
    const host = this.localAddress(wanted, settings) ?? (await this.resolve(wanted.host, address, settings))
    return this.listenAt(address, host, wanted.port, hello, settings, accept)
  }

  private listenAt(
    address: string,
    host: string,
    port: number,
    hello: Hello,
    settings: TransportSettings,
    accept: Accept,
  ): Listener {
    if (host.includes(":") && !settings.ipv6) {
      throw new ZmqError("ENODEV", {
        address,
        message: "Listening on an IPv6 address needs the option ipv6.",
      })
    }
    const target: StreamTarget = { kind: "tcp", host, port, source: undefined }
    const admits = acceptFilter(settings.tcpAcceptFilter)
    return this.listenOn(
      address,
      target,
      hello,
      settings,
      accept,
      (bound) => formatTcp(bound.host, bound.port),
      admits,
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

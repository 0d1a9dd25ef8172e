// The addresses of tcp:// (zmq_tcp(7)): `interface:port` to bind, `[source;]host:port` to connect.

import { ZmqError } from "../errors.js"

/** A host and its port, as they were written. */
export interface HostAndPort {
  /** Without the brackets of an IPv6 address; `*` for every interface. */
  readonly host: string
  /** 0 where the system shall choose. */
  readonly port: number
}

/** Splits at the last colon; throws EINVAL. A wildcard port is 0. */
export function parseHostAndPort(text: string, address: string, wildcardPort: boolean): HostAndPort {
  const colon = text.lastIndexOf(":")
  if (colon <= 0) throw new ZmqError("EINVAL", { address, message: "An address of tcp is host:port." })
  const host = parseHost(text.slice(0, colon), address)
  return { host, port: parsePort(text.slice(colon + 1), address, wildcardPort) }
}

function parseHost(text: string, address: string): string {
  const bracketed = text.startsWith("[") && text.endsWith("]")
  const host = bracketed ? text.slice(1, -1) : text
  if (host.length === 0 || /[\s/[\]]/.test(host) || (!bracketed && host.includes(":"))) {
    throw new ZmqError("EINVAL", {
      address,
      message: `${JSON.stringify(text)} is no host, address or interface.`,
    })
  }
  return host
}

function parsePort(text: string, address: string, wildcard: boolean): number {
  if (wildcard && text === "*") return 0
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65535 || (port === 0 && !wildcard)) {
    throw new ZmqError("EINVAL", { address, message: `${JSON.stringify(text)} is no port.` })
  }
  return port
}

/** What `connect` takes: the peer, and the interface and port to connect from. */
export function parseConnectAddress(
  rest: string,
  address: string,
): { peer: HostAndPort; source: HostAndPort | undefined } {
  const semicolon = rest.indexOf(";")
  const peer = parseHostAndPort(rest.slice(semicolon + 1), address, false)
  if (peer.host === "*") throw new ZmqError("EINVAL", { address, message: "Connecting needs a host." })
  const source = semicolon < 0 ? undefined : parseHostAndPort(rest.slice(0, semicolon), address, true)
  return { peer, source }
}

/** Whether `host` is an IPv4 or IPv6 address rather than a name; a zone (`%eth0`) may follow the latter. */
export function isNumeric(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(":")
}

/** `tcp://127.0.0.1:5555`, `tcp://[::1]:5555`. */
export function formatTcp(host: string, port: number): string {
  return host.includes(":") ? `tcp://[${host}]:${port}` : `tcp://${host}:${port}`
}

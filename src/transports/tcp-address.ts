// The addresses of tcp:// (zmq_tcp(7)): `interface:port` to bind, `[source;]host:port` to connect.

import { ZmqError } from "../errors.js"

const IPV4 = /^(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])(\.(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){3}$/

/** A host and its port, as they were written. */
export interface HostAndPort {
  /** Without the brackets of an IPv6 address; `*` for every interface. */
  readonly host: string
  /** 0 where the system shall choose. */
  readonly port: number
}

/** Whose address it is: one of this machine may leave the port to the system. */
type Side = "local" | "remote"

/** Splits at the last colon; throws EINVAL, or ENODEV for what cannot be an interface of this machine. */
export function parseHostAndPort(text: string, address: string, side: Side): HostAndPort {
  const colon = text.lastIndexOf(":")
  if (colon < 0 || colon === text.length - 1) {
    throw new ZmqError("EINVAL", { address, message: "An address of tcp is host:port." })
  }
  const host = parseHost(text.slice(0, colon), address, side)
  return { host, port: parsePort(text.slice(colon + 1), address, side) }
}

function parseHost(text: string, address: string, side: Side): string {
  const bracketed = text.startsWith("[") && text.endsWith("]")
  const host = bracketed ? text.slice(1, -1) : text
  const wrong =
    host.length === 0 ||
    /[\s/[\]]/.test(host) ||
    (bracketed ? !host.includes(":") && !isNumeric(host) : host.includes(":"))
  if (wrong || (side === "remote" && !/^[\w:]/.test(host))) {
    throw new ZmqError(side === "local" ? "ENODEV" : "EINVAL", {
      address,
      message: `${JSON.stringify(text)} is no host, address or interface.`,
    })
  }
  return host
}

function parsePort(text: string, address: string, side: Side): number {
  if (side === "local" && text === "*") return 0
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65535 || (port === 0 && side === "remote")) {
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
  const peer = parseHostAndPort(rest.slice(semicolon + 1), address, "remote")
  const source = semicolon < 0 ? undefined : parseHostAndPort(rest.slice(0, semicolon), address, "local")
  return { peer, source }
}

/** What `bind` takes. */
export function parseBindAddress(rest: string, address: string): HostAndPort {
  if (rest.includes(";")) {
    throw new ZmqError("EINVAL", { address, message: "Only connecting takes an address to come from." })
  }
  return parseHostAndPort(rest, address, "local")
}

/** Whether `host` is an IPv4 or IPv6 address rather than a name; a zone (`%eth0`) may follow the latter. */
export function isNumeric(host: string): boolean {
  return IPV4.test(host) || host.includes(":")
}

/** `tcp://127.0.0.1:5555`, `tcp://[::1]:5555`. */
export function formatTcp(host: string, port: number): string {
  return `tcp://${formatPeer({ host, port })}`
}

/** `127.0.0.1:5555`, `[::1]:5555`. */
export function formatPeer({ host, port }: HostAndPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`
}

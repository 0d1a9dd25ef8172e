// The addresses of udp:// (zmq_udp(7)): `interface:port` and `[interface;]group:port` to bind, `[interface;]host:port`
// to connect.

import { ZmqError } from "../errors.js"
import { parseIp } from "./ip-address.js"
import { type HostAndPort, isNumeric, parseHostAndPort } from "./tcp-address.js"

/** What an address says. */
export interface UdpAddress {
  readonly target: HostAndPort
  /** The interface that multicast goes by, its name or its numeric address; undefined: the system's choice. */
  readonly interface: string | undefined
  /** The target is a multicast group. */
  readonly multicast: boolean
}

/** Throws EINVAL; ENODEV for what cannot be an interface. */
export function parseUdpAddress(rest: string, address: string, side: "bind" | "connect"): UdpAddress {
  const semicolon = rest.indexOf(";")
  const named = semicolon < 0 ? "*" : rest.slice(0, semicolon)
  if (named === "") throw new ZmqError("ENODEV", { address, message: "The interface has no name." })
  const target = parseHostAndPort(rest.slice(semicolon + 1), address, side === "bind" ? "local" : "remote")
  const multicast = isMulticast(target.host)
  if (semicolon >= 0 && !multicast) {
    throw new ZmqError("EINVAL", { address, message: "Only a multicast group goes with an interface." })
  }
  const bare = named.startsWith("[") && named.endsWith("]") ? named.slice(1, -1) : named
  if (isNumeric(bare) && bare.includes(":") !== target.host.includes(":")) {
    throw new ZmqError("EINVAL", {
      address,
      message: "The interface and the group are of different families.",
    })
  }
  return { target, multicast, interface: bare === "*" ? undefined : bare }
}

/** Whether an address is that of a group: 224.0.0.0/4 or ff00::/8. */
export function isMulticast(host: string): boolean {
  const bytes = parseIp(host)
  const first = bytes?.[0] ?? 0
  return bytes?.length === 16 ? first === 0xff : first >= 224 && first < 240
}

/** `udp://127.0.0.1:5555`, `udp://eth0;239.0.0.1:5555`, `udp://[::1]:5555`. */
export function formatUdp({ target, interface: way }: UdpAddress): string {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host
  const prefix = way === undefined ? "" : `${way.includes(":") ? `[${way}]` : way};`
  return `udp://${prefix}${host}:${target.port}`
}

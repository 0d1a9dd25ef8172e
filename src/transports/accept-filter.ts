// Who may come in over TCP (zmq_setsockopt(3) on ZMQ_TCP_ACCEPT_FILTER): networks such as `10.0.0.0/8`.

import { parseIp } from "./ip-address.js"

/** Addresses that begin with the same bits. */
export interface Network {
  readonly address: Uint8Array
  readonly bits: number
}

/** Whether every part between commas is an address or a network. */
export function isAcceptFilter(text: string): boolean {
  return text.split(",").every((part) => parseNetwork(part) !== undefined)
}

/** Tells whether a peer at `host:port`, or `[host]:port`, may come in; undefined: everybody may. */
export function acceptFilter(text: string | null): ((remote: string) => boolean) | undefined {
  if (text === null) return undefined
  const networks = text.split(",").map(parseNetwork)
  return (remote) => {
    const host = remote.slice(0, remote.lastIndexOf(":"))
    const address = parseIp(host.startsWith("[") ? host.slice(1, -1) : host)
    return address !== undefined && networks.some((network) => network && contains(network, address))
  }
}

/** An address, or a network as `address/bits`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/")
  const address = parseIp(slash < 0 ? text : text.slice(0, slash))
  if (address === undefined) return undefined
  const longest = address.length * 8
  if (slash < 0) return { address, bits: longest }
  const mask = text.slice(slash + 1)
  const bits = /^\d{1,3}$/.test(mask) ? Number(mask) : Infinity
  return bits <= longest ? { address, bits } : undefined
}

/** Whether an address is one of the network's: of IPv4 in one of IPv4, of IPv6 in one of IPv6. */
export function contains({ address, bits }: Network, other: Uint8Array): boolean {
  if (address.length !== other.length) return false
  const whole = bits >> 3
  for (let at = 0; at < whole; at++) if (address[at] !== other[at]) return false
  const rest = bits & 7
  if (rest === 0) return true
  const mask = (0xff << (8 - rest)) & 0xff
  return ((address[whole] as number) & mask) === ((other[whole] as number) & mask)
}

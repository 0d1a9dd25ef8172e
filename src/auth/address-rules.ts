// From where peers may come.

import { ZmqError } from "../errors.js"
import { contains, type Network, parseNetwork } from "../transports/accept-filter.js"

/** The address of peers that have none, such as those over ipc. */
const NOWHERE = ""
/** What stands before an IPv4 address in IPv6 (RFC 4291, section 2.5.5.2). */
const MAPPED = parseNetwork("::ffff:0:0/96") as Network
const MAPPED_BYTES = 12

/** Addresses and networks that are allowed, and such that are denied. */
export class AddressRules {
  private readonly allowed: Map<string, Network | undefined> = new Map()
  private readonly denied: Map<string, Network | undefined> = new Map()

  /** Adds to those that are allowed: from then on no others are. Throws EINVAL, and has added nothing then. */
  allow(addresses: readonly string[]): void {
    add(this.allowed, addresses)
  }

  /** Adds to those that are denied. Throws EINVAL, and has added nothing then. */
  deny(addresses: readonly string[]): void {
    add(this.denied, addresses)
  }

  /** Takes addresses, as they were written, from both. */
  forget(addresses: readonly string[]): void {
    for (const address of addresses) {
      this.allowed.delete(address)
      this.denied.delete(address)
    }
  }

  /** Why a peer from `address` is not let in; undefined: it is. */
  refusal(address: string): string | undefined {
    const { allowed, denied } = this
    if (allowed.size === 0 && denied.size === 0) return undefined
    const network = networkOf(address)
    if (matches(denied, address, network)) return "Address is denied"
    if (allowed.size > 0 && !matches(allowed, address, network)) return "Address is not allowed"
    return undefined
  }
}

function add(rules: Map<string, Network | undefined>, addresses: readonly string[]): void {
  const added = addresses.map((text): [string, Network | undefined] => {
    if (typeof text !== "string") throw new TypeError("Address must be a string")
    const network = networkOf(text)
    if (network === undefined && text !== NOWHERE) {
      throw new ZmqError("EINVAL", {
        message: `${JSON.stringify(text)} is no IP address and no network`,
        address: text,
      })
    }
    return [text, network]
  })
  for (const [text, network] of added) rules.set(text, network)
}

function matches(
  rules: ReadonlyMap<string, Network | undefined>,
  text: string,
  address: Network | undefined,
): boolean {
  if (rules.has(text)) return true
  if (address === undefined) return false
  for (const network of rules.values()) {
    if (network !== undefined && contains(network, address.address)) return true
  }
  return false
}

/** IPv4 addresses that are written as IPv6 are IPv4: a socket that listens on both sees them so. */
function networkOf(text: string): Network | undefined {
  const network = parseNetwork(text)
  if (network === undefined) return undefined
  const { address, bits } = network
  const mapped = bits >= MAPPED.bits && contains(MAPPED, address)
  return mapped ? { address: address.slice(MAPPED_BYTES), bits: bits - MAPPED.bits } : network
}

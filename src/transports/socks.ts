// What a client of SOCKS5 says and hears (RFC 1928, and RFC 1929 for names and passwords), as far as it takes to get a
// TCP connection. Pure bytes.

import { fromText } from "../bytes.js"
import { parseIp } from "./ip-address.js"
import type { HostAndPort } from "./tcp-address.js"

const VERSION = 5
const SUBVERSION = 1
const CONNECT = 1
const NO_AUTHENTICATION = 0
const USERNAME_PASSWORD = 2
const IPV4 = 1
const DOMAIN = 3
const IPV6 = 4
/** Version, reply, reserved, type of address and the first byte of that. */
const REPLY_START = 5
const LONGEST_NAME = 255

const replies: readonly string[] = [
  "it succeeded",
  "it failed",
  "its rules forbid it",
  "the network is unreachable",
  "the host is unreachable",
  "the connection was refused",
  "it took too long",
  "it does not know the command",
  "it does not know that type of address",
]

/** Who uses the proxy; without a name nobody in particular. */
export interface SocksUser {
  readonly username: string | null
  readonly password: string | null
}

type Step = "method" | "authentication" | "reply" | "rest" | "done"

/** One connection through a proxy: the two sides speak in turn. It is of no further use once it has thrown. */
export class SocksHandshake {
  private readonly target: HostAndPort
  private readonly user: SocksUser
  private step: Step = "method"
  private outgoing: Uint8Array | undefined
  /** How many bytes the proxy has to say before anything else can be said; 0 when all is done. */
  needed = 2

  constructor(target: HostAndPort, user: SocksUser) {
    this.target = target
    this.user = user
    const method = user.username === null ? NO_AUTHENTICATION : USERNAME_PASSWORD
    this.outgoing = Uint8Array.of(VERSION, 1, method)
  }

  /** The proxy has connected us: what follows on the connection is the peer's. */
  get complete(): boolean {
    return this.step === "done"
  }

  /** What to say next; undefined while it is the proxy's turn. */
  next(): Uint8Array | undefined {
    const { outgoing } = this
    this.outgoing = undefined
    return outgoing
  }

  /** Takes the {@link needed} bytes. Throws an Error with what is wrong. */
  take(bytes: Uint8Array): void {
    switch (this.step) {
      case "method":
        this.takeMethod(bytes)
        return
      case "authentication":
        expectVersion(bytes, SUBVERSION)
        if (bytes[1] !== 0) throw new Error("The proxy does not accept this user's name and password.")
        this.request()
        return
      case "reply":
        this.takeReply(bytes)
        return
      default:
        // Where the proxy connects from: nothing follows from that.
        this.step = "done"
        this.needed = 0
    }
  }

  private takeMethod(bytes: Uint8Array): void {
    expectVersion(bytes, VERSION)
    const { username, password } = this.user
    if (bytes[1] === NO_AUTHENTICATION) this.request()
    else if (bytes[1] === USERNAME_PASSWORD && username !== null) {
      this.outgoing = Uint8Array.of(SUBVERSION, ...withLength(username), ...withLength(password ?? ""))
      this.step = "authentication"
      this.needed = 2
    } else throw new Error("The proxy wants to know who we are in another way than we can tell.")
  }

  private request(): void {
    const { host, port } = this.target
    this.outgoing = Uint8Array.of(VERSION, CONNECT, 0, ...encodeHost(host), port >> 8, port & 0xff)
    this.step = "reply"
    this.needed = REPLY_START
  }

  private takeReply(bytes: Uint8Array): void {
    expectVersion(bytes, VERSION)
    const reply = bytes[1] as number
    if (reply !== 0) throw new Error(`The proxy did not connect: ${replies[reply] ?? `it said ${reply}`}.`)
    this.step = "rest"
    this.needed = sizeOfAddress(bytes) - 1 + 2
  }
}

/** Of the address that begins at the fourth byte, without its type. */
function sizeOfAddress(bytes: Uint8Array): number {
  switch (bytes[3]) {
    case IPV4:
      return 4
    case IPV6:
      return 16
    case DOMAIN:
      return 1 + (bytes[4] as number)
    default:
      throw new Error(`The proxy told an address of an unknown type, ${bytes[3]}.`)
  }
}

function expectVersion(bytes: Uint8Array, version: number): void {
  if (bytes[0] !== version) throw new Error(`The proxy does not speak SOCKS5: it began with ${bytes[0]}.`)
}

/** A name is left to the proxy to resolve. */
function encodeHost(host: string): number[] {
  const address = parseIp(host)
  if (address !== undefined) return [address.length === 4 ? IPV4 : IPV6, ...address]
  return [DOMAIN, ...withLength(host)]
}

function withLength(text: string): number[] {
  const bytes = fromText(text)
  if (bytes.length > LONGEST_NAME) throw new Error(`A name has at most ${LONGEST_NAME} bytes in SOCKS5.`)
  return [bytes.length, ...bytes]
}

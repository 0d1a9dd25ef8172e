// Datagrams as DGRAM and UDP have them: their size and their addresses.

import { fromText, toLatin1 } from "./bytes.js"
import type { Frame } from "./message.js"

/** The bytes of a datagram that libzmq has room for; what is longer it would cut off. */
export const LARGEST_DATAGRAM = 8192

/** A numeric address of UDP. */
export interface DatagramAddress {
  readonly host: string
  readonly port: number
}

const LONGEST_ADDRESS = 64
const IPV4 = /^((25[0-5]|2[0-4]\d|1\d\d|\d{1,2})(\.(?!$)|$)){4}$/
const IPV6 = /^[\da-fA-F:.]*:[\da-fA-F:.]*(%[\w.-]+)?$/

/** Reads `127.0.0.1:5555` or `[::1]:5555`, a NUL behind it or not; undefined for anything else. */
export function parseDatagramAddress(frame: Frame): DatagramAddress | undefined {
  if (frame.length > LONGEST_ADDRESS) return undefined
  const text = toLatin1(frame, 0, frame.at(-1) === 0 ? frame.length - 1 : frame.length)
  const colon = text.lastIndexOf(":")
  const digits = text.slice(colon + 1)
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0
  if (colon < 0 || port === 0 || port > 65_535) return undefined
  const name = text.slice(0, colon)
  if (IPV4.test(name)) return { host: name, port }
  const host = name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : ""
  return IPV6.test(host) ? { host, port } : undefined
}

/** An address in the form that {@link parseDatagramAddress} reads; libzmq, too, puts a NUL behind it. */
export function formatDatagramAddress({ host, port }: DatagramAddress): Frame {
  return fromText(`${host.includes(":") ? `[${host}]` : host}:${port}\0`)
}

// Text that users, files and other programs hand in: Z85, certificates, addresses.
import assert from "node:assert/strict"
import { isIP } from "node:net"
import { formatCertificate, parseCertificate } from "#src/security/curve/certificate.js"
import { acceptFilter, isAcceptFilter } from "#src/transports/accept-filter.js"
import { parseIp } from "#src/transports/ip-address.js"
import { formatTcp, parseBindAddress, parseConnectAddress } from "#src/transports/tcp-address.js"
import { splitAddress } from "#src/transports/transport.js"
import { formatUdp, parseUdpAddress } from "#src/transports/udp-address.js"
import { formatWs, parseLocal, parseTarget } from "#src/transports/ws-address.js"
import { decodeZ85, encodeZ85 } from "#src/wire/z85.js"
import type { Chance } from "./chance.js"
import { unlessRefused } from "./refusals.js"
import { injure, noise } from "./streams.js"

const publicKey = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
const secretKey = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

/** The text with a few characters changed, cut out or put in; often as it is. */
function injured(chance: Chance, text: string): string {
  if (chance.below(2) === 0) return text
  return injure(chance, Buffer.from(text)).toString(chance.below(4) === 0 ? "latin1" : "utf8")
}

/** Pieces in any order, or text of one kind of bytes. */
function joined(chance: Chance, pieces: readonly string[], most: number): string {
  let text = ""
  for (let count = chance.below(most + 1); count > 0; count--) text += chance.of(pieces)
  return text
}

/** Throws unless Z85 says the same back and forth. */
export function attackZ85(chance: Chance): string[] {
  const bytes = noise(chance, chance.of([0, 4, 8, 32, 33, 40, 41]))
  const encoded = unlessRefused(() => encodeZ85(bytes), "EINVAL")
  assert.equal(encoded === undefined, bytes.length % 4 !== 0)
  if (encoded) assert.ok(decodeZ85(encoded).equals(bytes), encoded)
  const text = injured(chance, encoded ?? joined(chance, ["#", "0", "%nSc0", "~", "é", " "], 8))
  const decoded = unlessRefused(() => decodeZ85(text), "EINVAL")
  if (decoded === undefined) return ["refused"]
  assert.equal(encodeZ85(decoded), text)
  return ["decoded"]
}

const CERTIFICATE_PIECES = [
  "curve\n",
  "metadata\n",
  "\n",
  "\r\n",
  "    ",
  "\t",
  "=",
  '"',
  "'",
  "#",
  publicKey,
  "public-key",
  "secret-key",
  "__proto__",
  "    name = Ada\n",
  `    public-key = "${publicKey}"\n`,
  `    secret-key = '${secretKey}'\n`,
  "\ufeff",
  "\0",
]

/** Throws unless any text is refused or is a certificate that says the same when it is written again. */
export function attackCertificate(chance: Chance): string[] {
  const value = joined(chance, ["a", " ", "#", "=", "ü", '"', "'"], 6)
  const written = unlessRefused(
    () =>
      formatCertificate({
        publicKey,
        ...(chance.below(2) === 0 && { secretKey }),
        metadata: { [joined(chance, ["name", "-", "__proto__", "a.b"], 2)]: value },
      }),
    "EINVAL",
  )
  const text = injured(chance, written ?? joined(chance, CERTIFICATE_PIECES, 20))
  const certificate = unlessRefused(() => parseCertificate(text), "EINVAL")
  if (certificate === undefined) return ["refused"]
  if (written !== undefined && text === written) assert.ok(Object.values(certificate.metadata)[0] === value)
  // A value read without its quotes may have both kinds, which cannot be written.
  const again = unlessRefused(() => formatCertificate(certificate), "EINVAL")
  if (again !== undefined) assert.deepEqual(parseCertificate(again), certificate)
  return ["read"]
}

const ADDRESS_PIECES = [
  "tcp",
  "ws",
  "wss",
  "udp",
  "ipc",
  "://",
  ":",
  "::",
  "*",
  "0",
  "5555",
  "65535",
  "65536",
  "127.0.0.1",
  "239.0.0.1",
  "256",
  ".",
  "[",
  "]",
  "[::1]",
  "fe80::1%eth0",
  "ff02::1",
  "ffff",
  "1:2:3:4:5:6:7",
  "::ffff:1.2.3.4",
  "localhost",
  "eth0",
  ";",
  "/",
  "/path?x=1",
  "#",
  "@",
  ",",
  "-1",
  " ",
  "é",
  "\0",
]
const GOOD_ADDRESSES = [
  "tcp://127.0.0.1:5555",
  "tcp://[::1]:*",
  "tcp://eth0:0;example.org:5555",
  "udp://eth0;239.0.0.1:5555",
  "udp://[fe80::1];[ff02::1]:9",
  "ws://localhost:80/path",
  "wss://[::1]:443",
  "10.0.0.0/8,::1/128",
  "1:2:3:4:5:6:1.2.3.4",
]

/** Throws unless addresses are refused, or understood alike once they are written anew. */
export function attackAddress(chance: Chance): string[] {
  const text =
    chance.below(2) === 0 ? injured(chance, chance.of(GOOD_ADDRESSES)) : joined(chance, ADDRESS_PIECES, 7)
  const classes: string[] = []
  attackIp(text)
  const split = unlessRefused(() => splitAddress(text), "EINVAL")
  if (split === undefined) return ["refused"]
  const { rest } = split
  attackIp(rest)
  const understood = (name: string, attack: () => void): void => {
    unlessRefused(
      () => {
        attack()
        classes.push(name)
      },
      "EINVAL",
      "ENODEV",
    )
  }
  understood("tcp to bind", () => {
    const place = parseBindAddress(rest, text)
    const again = splitAddress(formatTcp(place.host, place.port)).rest
    assert.deepEqual(parseBindAddress(again, text), place)
  })
  understood("tcp to connect", () => {
    const { peer } = parseConnectAddress(rest, text)
    assert.ok(peer.port > 0 && peer.port < 65_536)
    assert.deepEqual(parseConnectAddress(splitAddress(formatTcp(peer.host, peer.port)).rest, text).peer, peer)
  })
  for (const side of ["bind", "connect"] as const) {
    understood(`udp to ${side}`, () => {
      const address = parseUdpAddress(rest, text, side)
      assert.deepEqual(parseUdpAddress(splitAddress(formatUdp(address)).rest, text, side), address)
    })
  }
  understood("ws to bind", () => {
    const { host, port, path } = parseLocal(text)
    assert.deepEqual(parseLocal(formatWs(false, host, port, path)), { host, port, path })
  })
  understood("ws to connect", () => {
    const target = parseTarget(text, false)
    assert.ok(["ws:"].includes(new URL(target.url).protocol), target.url)
  })
  return classes.length === 0 ? ["refused"] : classes
}

/** What is an address is so for Node too. */
function attackIp(text: string): void {
  for (const part of [text, ...text.split(",")]) {
    if (part.includes("%")) continue
    const size = { 0: undefined, 4: 4, 6: 16 }[isIP(part)]
    assert.equal(parseIp(part)?.length, size, `Node thinks otherwise of ${JSON.stringify(part)}`)
  }
  if (isAcceptFilter(text)) acceptFilter(text)?.(`${text}:1`)
}

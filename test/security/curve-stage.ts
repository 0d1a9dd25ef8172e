import type { Verify } from "#src/security/authentication.js"
import {
  type CryptoBackend,
  createKeyPair,
  KEY_BYTES,
  type RawKeyPair,
} from "#src/security/crypto/backend.js"
import { CurveClient, type CurveClientKeys } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import type { FrameSealer, Protection } from "#src/security/mechanism.js"
import { libsodium } from "./backends.js"
import { clientProperties, nextOf, predictable, serverProperties, shake } from "./stage.js"

export const serverKeys: RawKeyPair = createKeyPair(libsodium)
export const clientPair: RawKeyPair = createKeyPair(libsodium)
export const clientKeys: CurveClientKeys = { ...clientPair, serverKey: serverKeys.publicKey }

export function curveClient(
  backend: CryptoBackend = libsodium,
  keys: Partial<CurveClientKeys> = {},
): CurveClient {
  return new CurveClient(clientProperties, backend, { ...clientKeys, ...keys })
}

export function curveServer(backend: CryptoBackend = libsodium, verify?: Verify): CurveServer {
  return new CurveServer(serverProperties, { backend, secretKey: serverKeys.secretKey, verify })
}

/** A client and a server that have got as far as their `count`th command, which has not been heard. */
export function halfway(count: number): { client: CurveClient; server: CurveServer; body: Buffer } {
  const client = curveClient()
  const server = curveServer()
  let body = nextOf(client)
  for (let said = 1; said < count; said++) {
    const listener = said % 2 === 0 ? client : server
    listener.handle(body)
    body = nextOf(listener)
  }
  return { client, server, body }
}

/** Two sides that may exchange messages. */
export function linked(backend: CryptoBackend = libsodium): { client: Protection; server: Protection } {
  const client = curveClient(backend)
  const server = curveServer(backend)
  shake(client, server)
  return { client: client.protection as Protection, server: server.protection as Protection }
}

/** What becomes of ZMTP frames that one side seals and the other opens. */
export function openAll(
  protection: Protection,
  chunks: readonly Uint8Array[],
  frameBytes = Infinity,
): Buffer {
  const opened: Uint8Array[] = []
  const opener = protection.createOpener(frameBytes, (frames) => opened.push(frames))
  for (const chunk of chunks) opener.open(chunk)
  return Buffer.concat(opened)
}

/** The sealed form of all chunks. */
export function sealAll(sealer: FrameSealer, chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat(sealer.seal(chunks))
}

/** The same library, and every secret that it has given away. */
export function watched(): { backend: CryptoBackend; secrets: Uint8Array[] } {
  const secrets: Uint8Array[] = []
  const keep = <Bytes extends Uint8Array | undefined>(bytes: Bytes): Bytes => {
    if (bytes?.length === KEY_BYTES) secrets.push(bytes)
    return bytes
  }
  const backend = {
    ...predictable(libsodium, 0),
    randomBytes: (size: number) => keep(libsodium.randomBytes(size)),
    agree: (publicKey: Uint8Array, secretKey: Uint8Array) => keep(libsodium.agree(publicKey, secretKey)),
  }
  return { backend, secrets }
}

/** How much longer a frame is that is hidden. */
export const OVERHEAD = 33

/** Bytes in parts that end at these shares of them. */
export function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((part) => Math.floor(part * bytes.length)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

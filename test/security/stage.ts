// Both sides of a handshake, put together without a network.

import assert from "node:assert/strict"
import { type ErrorCode, LimitError, ProtocolError, type ProtocolErrorCode } from "#src/errors.js"
import type { Frame } from "#src/message.js"
import type { Status, Verdict, Verify } from "#src/security/authentication.js"
import type { CryptoBackend } from "#src/security/crypto/backend.js"
import type { Mechanism } from "#src/security/mechanism.js"
import type { Properties } from "#src/wire/command.js"

export const clientProperties: Properties = new Map([
  ["Socket-Type", Buffer.from("DEALER")],
  ["Identity", Buffer.from("a client")],
])
export const serverProperties: Properties = new Map([
  ["Socket-Type", Buffer.from("ROUTER")],
  ["Identity", Buffer.alloc(0)],
])

/** The commands that either side said, in turn, until neither has more to say. */
export function shake(client: Mechanism, server: Mechanism): Frame[] {
  const said: Frame[] = []
  for (let quiet = 0, speaker = client; quiet < 2; speaker = speaker === client ? server : client) {
    const body = speaker.next()
    quiet = body === undefined ? quiet + 1 : 0
    if (body === undefined) continue
    said.push(body)
    const listener = speaker === client ? server : client
    listener.handle(Buffer.from(body))
  }
  return said
}

/** What the authenticator says. */
export function verdict(status: Status, userId = "", properties: Properties = new Map()): Verdict {
  return { status, userId: Buffer.from(userId), properties }
}

/** An authenticator that says the same of everybody, at once. */
export function always(status: Status, userId = ""): Verify {
  return (_, answer) => {
    answer(verdict(status, userId))
    return () => {}
  }
}

/** The code of the ProtocolError that `action` throws. */
export function codeOf(action: () => unknown): ProtocolErrorCode | ErrorCode {
  try {
    action()
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof LimitError) return error.code
    throw error
  }
  assert.fail("Nothing was thrown.")
}

/** The next command, which is due. */
export function nextOf(mechanism: Mechanism): Frame {
  const body = mechanism.next()
  assert.ok(body !== undefined, "A command is due.")
  return body
}

/** The same cryptography with random bytes that count up from `seed`: no two calls have the same. */
export function predictable(backend: CryptoBackend, seed: number): CryptoBackend {
  let next = seed
  return {
    name: backend.name,
    bench: backend.bench,
    randomBytes: (size) => Uint8Array.from({ length: size }, () => next++ & 0xff),
    publicKey: (secretKey) => backend.publicKey(secretKey),
    agree: (publicKey, secretKey) => backend.agree(publicKey, secretKey),
    seal: (content, nonce, key) => backend.seal(content, nonce, key),
    open: (box, nonce, key) => backend.open(box, nonce, key),
  }
}

/** All bodies that differ from `body` in one bit. */
export function* flipped(body: Frame): Generator<[bit: number, Frame]> {
  for (let bit = 0; bit < body.length * 8; bit++) {
    const copy = Buffer.from(body)
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
    yield [bit, copy]
  }
}

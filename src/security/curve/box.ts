import { viewOf } from "../../bytes.js"
import { ProtocolError } from "../../errors.js"
import type { Frame } from "../../message.js"
import type { CryptoBackend } from "../crypto/backend.js"
import { makeNonce } from "./nonce.js"

/** Boxes of a handshake between two key pairs. What fails fails alike: a peer must not learn at which check. */
export class BoxPair {
  /** The key that the two have in common. */
  readonly key: Uint8Array
  private readonly backend: CryptoBackend

  /** Throws a ProtocolError when the peer's public key is one with which everybody has the same key. */
  constructor(backend: CryptoBackend, publicKey: Uint8Array, secretKey: Uint8Array) {
    const key = backend.agree(publicKey, secretKey)
    if (key === undefined) throw cannotOpen()
    this.backend = backend
    this.key = key
  }

  seal(content: Uint8Array, prefix: string, nonce: Uint8Array): Uint8Array {
    return this.backend.seal(content, makeNonce(prefix, nonce), this.key)
  }

  /** Throws a ProtocolError when the peer did not seal it so. */
  open(box: Uint8Array, prefix: string, nonce: Uint8Array): Frame {
    const content = this.backend.open(box, makeNonce(prefix, nonce), this.key)
    if (content === undefined) throw cannotOpen()
    // Metadata in it gets to users.
    return viewOf(content.buffer, content.byteOffset, content.length)
  }

  /** Forgets the key. */
  close(): void {
    this.key.fill(0)
  }
}

export function cannotOpen(): ProtocolError {
  return new ProtocolError("ERR_ZMTP_CRYPTOGRAPHIC", "What the peer sealed cannot be opened with our keys.")
}

/** All parts, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0
  for (const part of parts) size += part.length
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

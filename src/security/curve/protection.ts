import type { CryptoBackend } from "../crypto/backend.js"
import type { FrameOpener, Protection } from "../mechanism.js"
import { CLIENT_PREFIX, SERVER_PREFIX } from "./message.js"
import type { NonceCounter, NonceGuard } from "./nonce.js"
import { Opener } from "./opener.js"
import { Sealer } from "./sealer.js"

/** The traffic of a connection whose two sides have agreed on a key; their numbers go on where the handshake ended. */
export class CurveProtection implements Protection {
  readonly sealer: Sealer
  private readonly backend: CryptoBackend
  private readonly key: Uint8Array
  private readonly peerPrefix: string
  private readonly received: NonceGuard
  private opener: Opener | undefined

  constructor(
    backend: CryptoBackend,
    key: Uint8Array,
    side: "client" | "server",
    sent: NonceCounter,
    received: NonceGuard,
  ) {
    this.backend = backend
    this.key = key
    this.peerPrefix = side === "client" ? SERVER_PREFIX : CLIENT_PREFIX
    this.received = received
    this.sealer = new Sealer(backend, key, side === "client" ? CLIENT_PREFIX : SERVER_PREFIX, sent)
  }

  createOpener(frameBytes: number, take: (frames: Uint8Array) => void): FrameOpener {
    const { backend, key, peerPrefix, received } = this
    this.opener = new Opener(backend, key, peerPrefix, received, frameBytes, take)
    return this.opener
  }

  /** The connection has ended; the key is wiped. */
  close(): void {
    this.sealer.close()
    this.opener?.close()
    this.key.fill(0)
  }
}

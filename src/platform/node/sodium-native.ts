// sodium-native: libsodium as native code, for users who have installed it beside this library. Shakes hands and seals
// large frames two to four times as fast as libsodium in WebAssembly, and small ones, by the cost of its calls, three
// quarters as fast. It has all of crypto_box but the step from a point to a key, which comes from @noble/ciphers.

import { viewOf } from "../../bytes.js"
import {
  type BoxBench,
  type CryptoBackend,
  KEY_BYTES,
  MAC_BYTES,
  NONCE_BYTES,
  systemRandomBytes,
} from "../../security/crypto/backend.js"
import { keyOfPoint } from "../../security/crypto/noble.js"

type Salsa = typeof import("@noble/ciphers/salsa.js")

/** The functions of sodium-native that are called here. */
interface SodiumNative {
  crypto_scalarmult_base(publicKey: Buffer, secretKey: Uint8Array): void
  /** Throws where the outcome would be known to everybody. */
  crypto_scalarmult(point: Buffer, secretKey: Uint8Array, publicKey: Uint8Array): void
  crypto_secretbox_easy(box: Uint8Array, content: Uint8Array, nonce: Uint8Array, key: Uint8Array): void
  crypto_secretbox_open_easy(
    content: Uint8Array,
    box: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): boolean
}

// Not in the call, so that neither the compiler nor a bundler asks for a package that most have not installed.
const PACKAGE = "sodium-native"

/** Loads it; rejects where it has not been installed. `specifier` says where it stands, if not beside this library. */
export async function loadSodiumNative(specifier: string = PACKAGE): Promise<CryptoBackend> {
  const [{ default: sodium }, salsa] = await Promise.all([
    import(specifier) as Promise<{ default: SodiumNative }>,
    import("@noble/ciphers/salsa.js"),
  ])
  return new SodiumNativeBackend(sodium, salsa)
}

class SodiumNativeBackend implements CryptoBackend {
  readonly name = "sodium-native"
  readonly bench: BoxBench
  readonly randomBytes = systemRandomBytes
  private readonly sodium: SodiumNative
  private readonly salsa: Salsa

  constructor(sodium: SodiumNative, salsa: Salsa) {
    this.sodium = sodium
    this.salsa = salsa
    this.bench = new NativeBench(sodium)
  }

  publicKey(secretKey: Uint8Array): Uint8Array {
    const publicKey = Buffer.alloc(KEY_BYTES)
    this.sodium.crypto_scalarmult_base(publicKey, secretKey)
    return publicKey
  }

  agree(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
    const point = Buffer.alloc(KEY_BYTES)
    try {
      this.sodium.crypto_scalarmult(point, secretKey, publicKey)
    } catch {
      return undefined
    }
    return keyOfPoint(this.salsa, point)
  }

  seal(content: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
    const box = Buffer.allocUnsafe(content.length + MAC_BYTES)
    this.sodium.crypto_secretbox_easy(box, content, nonce, key)
    return box
  }

  open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    if (box.length < MAC_BYTES) return undefined
    const content = Buffer.allocUnsafe(box.length - MAC_BYTES)
    return this.sodium.crypto_secretbox_open_easy(content, box, nonce, key) ? content : undefined
  }
}

/** Memory as any other: native code takes it where it is, but wants a view for each box. */
class NativeBench implements BoxBench {
  private readonly sodium: SodiumNative
  private memory: Buffer = NOTHING
  private buffer: ArrayBufferLike = NOTHING.buffer
  private nonce: Buffer = NOTHING
  private key: Uint8Array = NOTHING

  constructor(sodium: SodiumNative) {
    this.sodium = sodium
  }

  begin(key: Uint8Array, size: number): Uint8Array {
    this.key = key
    if (this.memory.length < size) {
      this.memory = Buffer.allocUnsafeSlow(size)
      this.buffer = this.memory.buffer
      this.nonce = this.memory.subarray(0, NONCE_BYTES)
    }
    return this.memory
  }

  seal(from: number, length: number, to: number): void {
    const box = viewOf(this.buffer, to, length + MAC_BYTES)
    this.sodium.crypto_secretbox_easy(box, viewOf(this.buffer, from, length), this.nonce, this.key)
  }

  open(from: number, length: number, to: number): boolean {
    const content = viewOf(this.buffer, to, length - MAC_BYTES)
    const box = viewOf(this.buffer, from, length)
    return this.sodium.crypto_secretbox_open_easy(content, box, this.nonce, this.key)
  }

  end(): void {
    this.key = NOTHING
  }
}

const NOTHING = Buffer.alloc(0)

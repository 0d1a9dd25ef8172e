import { allocate } from "../../bytes.js"
import {
  type BoxBench,
  type CryptoBackend,
  KEY_BYTES,
  MAC_BYTES,
  NONCE_BYTES,
  systemRandomBytes,
} from "./backend.js"

type Salsa = typeof import("@noble/ciphers/salsa.js")
type Curve = typeof import("@noble/curves/ed25519.js")["x25519"]

/** "expand 32-byte k", the constant of Salsa20. */
const SIGMA = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574)

/** @noble/curves and @noble/ciphers: JavaScript alone, so it is there where WebAssembly is forbidden. */
export async function loadNoble(): Promise<CryptoBackend> {
  const [salsa, { x25519 }] = await Promise.all([
    import("@noble/ciphers/salsa.js"),
    import("@noble/curves/ed25519.js"),
  ])
  return new NobleBackend(salsa, x25519)
}

class NobleBackend implements CryptoBackend {
  readonly name = "noble"
  readonly bench: BoxBench
  readonly randomBytes = systemRandomBytes
  private readonly salsa: Salsa
  private readonly curve: Curve

  constructor(salsa: Salsa, curve: Curve) {
    this.salsa = salsa
    this.curve = curve
    this.bench = new NobleBench(salsa)
  }

  publicKey(secretKey: Uint8Array): Uint8Array {
    return this.curve.getPublicKey(secretKey)
  }

  agree(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
    let point: Uint8Array
    try {
      point = this.curve.getSharedSecret(secretKey, publicKey)
    } catch {
      return undefined
    }
    return keyOfPoint(this.salsa, point)
  }

  seal(content: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
    return this.salsa.xsalsa20poly1305(key, nonce).encrypt(content)
  }

  open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    return openWithNoble(this.salsa, box, nonce, key)
  }
}

/** Opens a box with @noble/ciphers, which throws where there is none. */
export function openWithNoble(
  salsa: Salsa,
  box: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array | undefined {
  if (box.length < MAC_BYTES) return undefined
  try {
    return salsa.xsalsa20poly1305(key, nonce).decrypt(box)
  } catch {
    return undefined
  }
}

/** What `crypto_box_beforenm` does behind X25519: HSalsa20 with a nonce of zero. The point is wiped. */
export function keyOfPoint(salsa: Salsa, point: Uint8Array): Uint8Array {
  const words = new Uint32Array(KEY_BYTES / 4)
  const view = new DataView(point.buffer, point.byteOffset, point.byteLength)
  for (let at = 0; at < words.length; at++) words[at] = view.getUint32(at * 4, true)
  const hash = new Uint32Array(words.length)
  salsa.hsalsa(SIGMA, words, new Uint32Array(4), hash)
  const key = new Uint8Array(KEY_BYTES)
  const target = new DataView(key.buffer)
  for (let at = 0; at < hash.length; at++) target.setUint32(at * 4, hash[at] as number, true)
  point.fill(0)
  words.fill(0)
  hash.fill(0)
  return key
}

class NobleBench implements BoxBench {
  private readonly salsa: Salsa
  private memory: Uint8Array = new Uint8Array(0)
  private nonce: Uint8Array = this.memory
  private key: Uint8Array = this.memory

  constructor(salsa: Salsa) {
    this.salsa = salsa
  }

  begin(key: Uint8Array, size: number): Uint8Array {
    this.key = key
    if (this.memory.length < size) {
      this.memory = allocate(size)
      this.nonce = this.memory.subarray(0, NONCE_BYTES)
    }
    return this.memory
  }

  seal(from: number, length: number, to: number): void {
    const content = this.memory.subarray(from, from + length)
    this.memory.set(this.salsa.xsalsa20poly1305(this.key, this.nonce).encrypt(content), to)
  }

  open(from: number, length: number, to: number): boolean {
    const box = this.memory.subarray(from, from + length)
    const content = openWithNoble(this.salsa, box, this.nonce, this.key)
    if (content === undefined) return false
    this.memory.set(content, to)
    return true
  }

  end(): void {
    this.key = NO_KEY
  }
}

const NO_KEY = new Uint8Array(0)

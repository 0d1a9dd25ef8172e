// libsodium, compiled to WebAssembly by its authors. Of the package `libsodium`, which is that module alone: the
// functions of `libsodium-wrappers` allocate, copy and free for every box.

import { type BoxBench, type CryptoBackend, KEY_BYTES, MAC_BYTES, systemRandomBytes } from "./backend.js"
import { openWithNoble } from "./noble.js"

type Salsa = typeof import("@noble/ciphers/salsa.js")

/** The functions of the module that are called here; pointers and lengths are numbers, 64-bit lengths two of them. */
interface Sodium {
  /** Another view once the memory has grown. */
  readonly HEAPU8: Uint8Array
  _sodium_init(): number
  /** 0 when there is no memory. */
  _malloc(size: number): number
  _free(pointer: number): void
  _crypto_scalarmult_base(publicKey: number, secretKey: number): number
  _crypto_box_beforenm(key: number, publicKey: number, secretKey: number): number
  _crypto_box_easy_afternm(
    box: number,
    content: number,
    low: number,
    high: number,
    nonce: number,
    key: number,
  ): number
  _crypto_box_open_easy_afternm(
    content: number,
    box: number,
    low: number,
    high: number,
    nonce: number,
    key: number,
  ): number
}

type SodiumFactory = (options: { getRandomValue: () => number }) => Promise<Sodium>

/** Loads it; rejects where WebAssembly is missing or forbidden. */
export async function loadLibsodium(): Promise<CryptoBackend> {
  const [{ default: create }, salsa] = await Promise.all([
    // @ts-expect-error The package has no types.
    import("libsodium") as Promise<{ default: SodiumFactory }>,
    import("@noble/ciphers/salsa.js"),
  ])
  const sodium = await create({
    getRandomValue: () => globalThis.crypto.getRandomValues(new Uint32Array(1))[0] as number,
  })
  if (sodium._sodium_init() < 0) throw new Error("libsodium does not start.")
  return new LibsodiumBackend(sodium, salsa)
}

class LibsodiumBackend implements CryptoBackend {
  readonly name = "libsodium"
  readonly bench: LibsodiumBench
  readonly randomBytes = systemRandomBytes
  private readonly sodium: Sodium
  private readonly salsa: Salsa

  constructor(sodium: Sodium, salsa: Salsa) {
    this.sodium = sodium
    this.salsa = salsa
    this.bench = new LibsodiumBench(sodium)
  }

  publicKey(secretKey: Uint8Array): Uint8Array {
    const { sodium, bench } = this
    const memory = bench.begin(secretKey, KEY_BYTES)
    sodium._crypto_scalarmult_base(bench.pointer(0), bench.keyPointer)
    const publicKey = memory.slice(0, KEY_BYTES)
    bench.end()
    return publicKey
  }

  agree(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
    const { sodium, bench } = this
    const memory = bench.begin(secretKey, 2 * KEY_BYTES)
    memory.set(publicKey)
    const result = sodium._crypto_box_beforenm(bench.pointer(KEY_BYTES), bench.pointer(0), bench.keyPointer)
    const key = result === 0 ? memory.slice(KEY_BYTES, 2 * KEY_BYTES) : undefined
    memory.fill(0, KEY_BYTES, 2 * KEY_BYTES)
    bench.end()
    return key
  }

  seal(content: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
    const { bench } = this
    const size = content.length + MAC_BYTES
    const to = AFTER_NONCE + content.length + MAC_BYTES
    if (to + size > bench.limit) return this.salsa.xsalsa20poly1305(key, nonce).encrypt(content)
    const memory = bench.begin(key, to + size)
    memory.set(nonce)
    memory.set(content, AFTER_NONCE)
    bench.seal(AFTER_NONCE, content.length, to)
    const box = memory.slice(to, to + size)
    bench.end()
    return box
  }

  open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const { bench } = this
    if (box.length < MAC_BYTES) return undefined
    const size = box.length - MAC_BYTES
    const to = AFTER_NONCE + box.length
    if (to + size > bench.limit) return openWithNoble(this.salsa, box, nonce, key)
    const memory = bench.begin(key, to + size)
    memory.set(nonce)
    memory.set(box, AFTER_NONCE)
    const content = bench.open(AFTER_NONCE, box.length, to) ? memory.slice(to, to + size) : undefined
    bench.end()
    return content
  }
}

/** Where a backend's own calls put what follows the nonce. */
const AFTER_NONCE = 32

/** The bench is the module's own memory: bytes go in and out a batch at a time, and a box costs one call. */
class LibsodiumBench implements BoxBench {
  // The module's memory never shrinks, so this is what it may cost for good.
  readonly limit = 8 << 20
  keyPointer = 0
  private readonly sodium: Sodium
  private base = 0
  private size = 0
  private view: Uint8Array = new Uint8Array(0)

  constructor(sodium: Sodium) {
    this.sodium = sodium
  }

  pointer(at: number): number {
    return this.base + at
  }

  begin(key: Uint8Array, size: number): Uint8Array {
    const { sodium } = this
    if (size > this.size) this.grow(size)
    if (this.view.buffer !== sodium.HEAPU8.buffer) {
      this.view = new Uint8Array(sodium.HEAPU8.buffer, this.base, this.size)
    }
    sodium.HEAPU8.set(key, this.keyPointer)
    return this.view
  }

  seal(from: number, length: number, to: number): void {
    const { base, keyPointer } = this
    this.sodium._crypto_box_easy_afternm(base + to, base + from, length, 0, base, keyPointer)
  }

  open(from: number, length: number, to: number): boolean {
    const { base, keyPointer } = this
    return (
      this.sodium._crypto_box_open_easy_afternm(base + to, base + from, length, 0, base, keyPointer) === 0
    )
  }

  end(): void {
    this.sodium.HEAPU8.fill(0, this.keyPointer, this.keyPointer + KEY_BYTES)
  }

  private grow(size: number): void {
    const { sodium } = this
    let larger = Math.max(this.size, SMALLEST_BENCH)
    while (larger < size) larger *= 2
    if (this.keyPointer !== 0) sodium._free(this.keyPointer)
    this.keyPointer = sodium._malloc(KEY_BYTES + larger)
    if (this.keyPointer === 0) {
      this.size = 0
      throw new RangeError("There is no memory left for libsodium.")
    }
    this.base = this.keyPointer + KEY_BYTES
    this.size = larger
    this.view = new Uint8Array(sodium.HEAPU8.buffer, this.base, larger)
  }
}

/** Room for a batch of the encoder and what it becomes. */
const SMALLEST_BENCH = 262_144

// The cryptography under CURVE (RFC 26): NaCl's crypto_box, that is X25519, HSalsa20, XSalsa20 and Poly1305. It comes
// from libraries that others keep; this is what we ask of one.

/** Bytes of a key, public, secret or agreed. */
export const KEY_BYTES = 32
/** Bytes of a nonce. */
export const NONCE_BYTES = 24
/** By so many bytes a box is longer than what is in it. */
export const MAC_BYTES = 16

/** Two keys of X25519 that belong together, 32 bytes each. */
export interface RawKeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

/** One library's `crypto_box`. */
export interface CryptoBackend {
  /** The library's name. */
  readonly name: string
  /** Bytes that nobody can guess. */
  randomBytes(size: number): Uint8Array
  /** The public key of a secret one. */
  publicKey(secretKey: Uint8Array): Uint8Array
  /**
   * The key that the owners of two key pairs have in common (`crypto_box_beforenm`); undefined for a public key that
   * makes it known to everybody, such as zero.
   */
  agree(publicKey: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined
  /** The box around `content` (`crypto_box_afternm`), in memory of its own. */
  seal(content: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array
  /** What is in a box, in memory of its own; undefined when it was sealed with another key or nonce, or altered. */
  open(box: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined
  /** For many boxes in a row. */
  readonly bench: BoxBench
}

/**
 * Memory in which boxes are sealed and opened one after the other, and where the library wants it. All connections share
 * it: nobody has anything in it before {@link begin} or after {@link end}, and nothing else happens in between.
 */
export interface BoxBench {
  /** Memory of at least `size` bytes, for boxes with this key. The nonce of each stands in its first 24 bytes. */
  begin(key: Uint8Array, size: number): Uint8Array
  /** Seals the `length` bytes at `from` into the box at `to`. The 16 bytes before `to` are lost. */
  seal(from: number, length: number, to: number): void
  /** Opens the box of `length` bytes at `from`; its content goes to `to`. False: it is none, and nothing is there. */
  open(from: number, length: number, to: number): boolean
  /** Forgets the key. */
  end(): void
}

/** Two new keys. */
export function createKeyPair(backend: CryptoBackend): RawKeyPair {
  const secretKey = backend.randomBytes(KEY_BYTES)
  return { publicKey: backend.publicKey(secretKey), secretKey }
}

/** Bytes of the system's own source. */
export function systemRandomBytes(size: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(size))
}

/** Whether two keys are the same; how long that takes does not tell where they differ. */
export function sameKeys(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= (a[at] as number) ^ (b[at] ?? 0)
  return difference === 0
}

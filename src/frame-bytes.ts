/**
 * One part of a message: on Node a `Buffer`, whatever the transport; in browsers a {@link FrameBytes}. Which of them it
 * is to the compiler depends on whether it knows of Buffers.
 */
export type Frame = typeof globalThis extends {
  Buffer: { isBuffer(value: unknown): value is infer PlatformFrame }
}
  ? PlatformFrame extends Uint8Array
    ? PlatformFrame
    : FrameBytes
  : FrameBytes

/** The encodings that {@link FrameBytes.toString} knows. */
export type TextEncoding = "utf8" | "utf-8" | "latin1" | "hex"

// What was sent as text is received as it was: a byte order mark is a character of it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/**
 * A frame where there is no `Buffer`, as in browsers: a `Uint8Array` that reads as text. Its parts by `subarray` and
 * `slice` do so, too; what structured cloning makes of it is a plain `Uint8Array`.
 */
export class FrameBytes extends Uint8Array {
  /** The bytes as text: UTF-8, where what is malformed becomes U+FFFD, unless `encoding` says otherwise. */
  override toString(encoding: TextEncoding = "utf8"): string {
    switch (encoding) {
      case "utf8":
      case "utf-8":
        return decoder.decode(this)
      case "latin1":
        return Array.from(this, (byte) => String.fromCharCode(byte)).join("")
      case "hex":
        return Array.from(this, (byte) => byte.toString(16).padStart(2, "0")).join("")
      default:
        throw new TypeError(`Unknown encoding: ${encoding}`)
    }
  }

  /** Whether `other` has the same bytes. */
  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((byte, at) => byte === other[at])
  }
}

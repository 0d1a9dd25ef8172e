// Where bytes come from. On Node they are Buffers, whatever the transport; where there is no Buffer
// they are plain Uint8Arrays, so nothing above this file asks which.

const PlatformBuffer: BufferConstructor | undefined = (globalThis as { Buffer?: BufferConstructor }).Buffer
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes of unspecified content with memory of their own: write before you read. */
export const allocate: (size: number) => Buffer =
  PlatformBuffer === undefined
    ? (size) => new Uint8Array(size) as Buffer
    : (size) => PlatformBuffer.allocUnsafeSlow(size)

/** The UTF-8 form of `text`, in fresh memory. */
export const fromText: (text: string) => Buffer =
  PlatformBuffer === undefined
    ? (text) => encoder.encode(text) as Uint8Array as Buffer
    : (text) => PlatformBuffer.from(text, "utf8")

/** A view on memory that somebody else owns: nothing is copied. */
export const viewOf: (memory: ArrayBufferLike, offset: number, length: number) => Buffer =
  PlatformBuffer === undefined
    ? (memory, offset, length) => new Uint8Array(memory, offset, length) as Buffer
    : (memory, offset, length) => PlatformBuffer.from(memory as ArrayBuffer, offset, length)

/** `bytes` read as UTF-8; what is malformed becomes U+FFFD. */
export function toText(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** One character a byte: a key for maps and for protocol names, never shown to a user. */
export function toLatin1(bytes: Uint8Array, start: number = 0, end: number = bytes.length): string {
  let text = ""
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] as number)
  return text
}

/** A copy with memory of its own. */
export function copyOf(bytes: Uint8Array): Buffer {
  const copy = allocate(bytes.length)
  copy.set(bytes)
  return copy
}

/** No bytes at all: the delimiter of an envelope, the body of an empty message. */
export const EMPTY: Buffer = allocate(0)

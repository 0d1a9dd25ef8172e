// Where bytes come from. On Node they are Buffers, whatever the transport; where there is no Buffer
// they are FrameBytes, so nothing above this file asks which.

import { type Frame, FrameBytes } from "./frame-bytes.js"

const PlatformBuffer: BufferConstructor | undefined = (globalThis as { Buffer?: BufferConstructor }).Buffer
const encoder = new TextEncoder()
// What was sent as text is received as it was: a byte order mark is a character of it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** Bytes of unspecified content with memory of their own: write before you read. */
export const allocate: (size: number) => Frame =
  PlatformBuffer === undefined
    ? (size) => new FrameBytes(size) as Uint8Array as Frame
    : (size) => PlatformBuffer.allocUnsafeSlow(size)

interface WorkerThreads {
  markAsUntransferable(memory: object): void
}
interface ModuleSource {
  getBuiltinModule?(name: string): WorkerThreads | undefined
}
let workerThreads: WorkerThreads | undefined

/**
 * Memory that a connection reads into and whose parts users get: were one of them transferred to another thread, the
 * rest of it would be gone here. Node copies it instead, or throws a DataCloneError.
 */
export function allocateChunk(size: number): Frame {
  const chunk = allocate(size)
  keepHere(chunk.buffer)
  return chunk
}

/** The same for memory that somebody else has read into. */
export function keepHere(memory: ArrayBufferLike): void {
  // Asked for when the first connection reads and not before: not every runtime has it, and loading takes time.
  workerThreads ??= (globalThis as { process?: ModuleSource }).process?.getBuiltinModule?.(
    "node:worker_threads",
  )
  workerThreads?.markAsUntransferable(memory)
}

/** The same in memory that others share: for what is small and soon forgotten, in a quarter of the time. */
export const allocateShared: (size: number) => Frame =
  PlatformBuffer === undefined ? allocate : (size) => PlatformBuffer.allocUnsafe(size)

/** The UTF-8 form of `text`, in fresh memory. */
export const fromText: (text: string) => Frame =
  PlatformBuffer === undefined
    ? (text) => viewOfAll(encoder.encode(text))
    : (text) => PlatformBuffer.from(text, "utf8")

/** The class of all frames. */
export const FrameClass: new (size: number) => Uint8Array = PlatformBuffer ?? FrameBytes

/** A view on memory that somebody else owns: nothing is copied. */
export function viewOf(memory: ArrayBufferLike, offset: number, length: number): Frame {
  return new View(memory, offset, length) as Frame
}

function viewOfAll({ buffer, byteOffset, byteLength }: Uint8Array): Frame {
  return viewOf(buffer, byteOffset, byteLength)
}

type ViewClass = new (memory: ArrayBufferLike, offset: number, length: number) => Uint8Array

const View: ViewClass = findViewClass()

/**
 * Buffer's own species makes true Buffers, as `subarray` and `Buffer.from` do, in less than half of their time.
 * Where it turns out to be something else, `Buffer.from` stands in for it.
 */
function findViewClass(): ViewClass {
  if (PlatformBuffer === undefined) return FrameBytes
  const species = (PlatformBuffer as unknown as { [Symbol.species]: ViewClass | undefined })[Symbol.species]
  try {
    const view = species === undefined ? undefined : new species(new ArrayBuffer(4), 1, 2)
    if (view !== undefined && Object.getPrototypeOf(view) === PlatformBuffer.prototype) {
      if (view.byteOffset === 1 && view.length === 2) return species as ViewClass
    }
  } catch {
    // Not a class that takes memory.
  }
  return ((memory: ArrayBuffer, offset: number, length: number) =>
    PlatformBuffer.from(memory, offset, length)) as unknown as ViewClass
}

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

/** The bytes that {@link toLatin1} has told. */
export function fromLatin1(text: string): Frame {
  const bytes = allocate(text.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** A copy with memory of its own. */
export function copyOf(bytes: Uint8Array): Frame {
  const copy = allocate(bytes.length)
  copy.set(bytes)
  return copy
}

/** No bytes at all: the delimiter of an envelope, the body of an empty message. */
export const EMPTY: Frame = allocate(0)

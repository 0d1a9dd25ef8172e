import { LONG_HEADER } from "./flags.js"

/** A quiet connection's chunk: ten thousand of them hold 40 MB. */
export const SMALLEST_CHUNK = 4096
/** A busy connection's chunk, and so the most that one kept small frame keeps alive. */
export const LARGEST_CHUNK = 65536
/** From here on frames get chunks that are cut to their size. */
export const LARGE_FRAME: number = LARGEST_CHUNK / 4
/** A chunk for several large frames; larger ones are read into memory of their own. */
export const LARGEST_SHARED_CHUNK = 262_144
/** No frame keeps more than so many times its own size alive. */
const LARGE_FRAMES_A_CHUNK = 4

/** How large the next chunk of a connection is to be, by what came in the ones before. */
export class ChunkPlan {
  /** A chunk for small frames. */
  size: number = SMALLEST_CHUNK
  /** The largest frame since the chunk before. */
  private largest = 0

  /** A read filled all that it was given. */
  grow(): void {
    this.size = Math.min(this.size * 4, LARGEST_CHUNK)
  }

  /** A frame of so many bytes came. */
  saw(frameSize: number): void {
    if (frameSize > this.largest) this.largest = frameSize
  }

  /** Frames that came say nothing of those that will. */
  forget(): void {
    this.largest = 0
  }

  /** Who sent a large frame sends another of the same size: then whole ones are read in place. */
  next(): number {
    const size = this.largest + LONG_HEADER
    this.largest = 0
    if (size <= LARGE_FRAME) return this.size
    // What does not fit is read in place as a body, but for what a chunk took of it first.
    if (size > LARGEST_SHARED_CHUNK) return SMALLEST_CHUNK
    return size * Math.min(LARGE_FRAMES_A_CHUNK, Math.floor(LARGEST_SHARED_CHUNK / size))
  }
}

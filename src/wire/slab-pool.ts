import { allocate } from "../bytes.js"

/** The smallest slab: a connection that says little costs little. */
export const SMALLEST_SLAB = 2048
/** The largest slab, and so what one write carries at least when there is much to say. */
export const LARGEST_SLAB = 65536

/** How much memory the pool keeps for later in each size. */
const KEPT_BYTES = 1 << 20

/**
 * Send buffers in use only while bytes wait in them. A connection borrows one for as long as it has something
 * unsent, so ten thousand idle ones hold none; sizes go up by factors of two from SMALLEST_SLAB to LARGEST_SLAB.
 */
export class SlabPool {
  private readonly free: Map<number, Uint8Array[]> = new Map()

  /** A slab of exactly `size` bytes, one of the pool's sizes. */
  borrow(size: number): Uint8Array {
    return this.free.get(size)?.pop() ?? allocate(size)
  }

  /** Gives a slab back; nobody may read or write it any more. */
  release(slab: Uint8Array): void {
    let slabs = this.free.get(slab.length)
    if (slabs === undefined) this.free.set(slab.length, (slabs = []))
    if ((slabs.length + 1) * slab.length <= KEPT_BYTES) slabs.push(slab)
  }
}

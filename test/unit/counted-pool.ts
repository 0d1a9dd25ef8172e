import { SlabPool } from "#src/wire/slab-pool.js"

/** A pool that knows what is lent, and what sizes were asked for. */
export class CountedPool extends SlabPool {
  sizes: number[] = []
  lent = 0

  override borrow(size: number): Uint8Array {
    this.sizes.push(size)
    this.lent++
    return super.borrow(size)
  }

  override release(slab: Uint8Array): void {
    this.lent--
    super.release(slab)
  }

  /** The sizes of what was borrowed since the last look. */
  look(): number[] {
    const { sizes } = this
    this.sizes = []
    return sizes
  }
}

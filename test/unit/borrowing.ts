// Encoders that borrow from a pool which is watched.
import type { EncodedOutbox } from "#src/link/link.js"
import type { Batch } from "#src/wire/encoder.js"
import { CountedPool } from "./counted-pool.js"

export interface Borrowing<E extends EncodedOutbox> {
  readonly pool: CountedPool
  readonly encoder: E
}

export function startWith<E extends EncodedOutbox>(make: (pool: CountedPool) => E): Borrowing<E> {
  const pool = new CountedPool()
  return { pool, encoder: make(pool) }
}

/** A message of one frame for each size. */
export function push(encoder: EncodedOutbox, ...sizes: number[]): void {
  for (const size of sizes) encoder.push([Buffer.alloc(size, "x")])
}

/** Takes one batch, and gives it back. */
export function pass(encoder: EncodedOutbox): Batch {
  const batch = encoder.take() as Batch
  encoder.release(batch)
  return batch
}

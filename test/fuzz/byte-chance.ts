import { Chance } from "./chance.js"

/**
 * Draws what a fuzzer's bytes say, one byte for each small number: who changes a byte changes one decision. When they are
 * used up all that is left is as usual as can be, for the attacks have what is rare at zero.
 */
export class ByteChance extends Chance {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    super(1)
    this.#bytes = bytes
  }

  override below(bound: number): number {
    const size = bound <= 0x100 ? 1 : bound <= 0x1_0000 ? 2 : 4
    const end = this.#at + size
    if (end > this.#bytes.length) return bound - 1
    let drawn = 0
    while (this.#at < end) drawn = drawn * 0x100 + (this.#bytes[this.#at++] as number)
    return drawn % bound
  }
}

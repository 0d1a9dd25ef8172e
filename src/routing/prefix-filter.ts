/** With fewer keys a search among them all is as quick. */
const FEWEST_KEYS = 64
/** Places a key: one in so many texts that match nothing is let through. */
const PLACES_A_KEY = 8
/** How much of a text is looked at, at most. */
const WIDEST = 8
/** Too many texts begin with a shorter key: as long as there is one, all are let through. */
const NARROWEST = 3
/** A place that has been counted up to this many times stays taken, until the table is made anew. */
const FULL = 255

/**
 * Turns away most texts that none of many keys is a prefix of, by one look into a table: a search among ten thousand
 * keys takes ten times as long, since its steps are in as many places of memory. The table has a place for each
 * beginning of a key, as long as the shortest key.
 */
export class PrefixFilter {
  private readonly keys: () => Iterable<Uint8Array>
  /** How many keys begin with what belongs to the place. */
  private counts: Uint8Array = new Uint8Array(0)
  private shift = 0
  private width = 0
  private size = 0
  /** Keys that are too short for the table. */
  private short = 0

  /** `keys` gives all that have been added and not deleted. */
  constructor(keys: () => Iterable<Uint8Array>) {
    this.keys = keys
  }

  /** To be called when the key is among the keys. */
  add(key: Uint8Array): void {
    if (key.length < NARROWEST) {
      this.short++
      return
    }
    this.size++
    if (this.size * PLACES_A_KEY > this.counts.length) {
      if (this.size >= FEWEST_KEYS) this.rebuild()
    } else if (key.length < this.width) this.rebuild()
    else this.count(key)
  }

  delete(key: Uint8Array): void {
    if (key.length < NARROWEST) {
      this.short--
      return
    }
    this.size--
    if (this.width === 0) return
    const place = this.placeOf(key)
    const count = this.counts[place] as number
    if (count < FULL) this.counts[place] = count - 1
  }

  /** False: no key is a prefix of `text`. */
  mayMatch(text: Uint8Array): boolean {
    if (this.width === 0 || this.short > 0) return true
    return text.length >= this.width && this.counts[this.placeOf(text)] !== 0
  }

  private rebuild(): void {
    let bits = 1
    while (1 << bits < this.size * PLACES_A_KEY * 2) bits++
    this.counts = new Uint8Array(1 << bits)
    this.shift = 32 - bits
    this.width = WIDEST
    for (const { length } of this.keys()) if (length >= NARROWEST) this.width = Math.min(this.width, length)
    for (const key of this.keys()) if (key.length >= NARROWEST) this.count(key)
  }

  private count(key: Uint8Array): void {
    if (this.width === 0) return
    const place = this.placeOf(key)
    const count = this.counts[place] as number
    if (count < FULL) this.counts[place] = count + 1
  }

  private placeOf(text: Uint8Array): number {
    let hash = 0
    for (let at = 0; at < this.width; at++) hash = Math.imul(hash ^ (text[at] as number), 0x0100_0193)
    return Math.imul(hash, 0x9e37_79b1) >>> this.shift
  }
}

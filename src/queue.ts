const FIRST_CAPACITY = 16
/** Nothing is put there: the first item makes room first. Most queues of most sockets stay empty. */
const NO_ITEMS: undefined[] = []

/** First in, first out, in a ring that doubles: no shifting of arrays, no node an item. */
export class Queue<Item> {
  private items: (Item | undefined)[] = NO_ITEMS
  private mask = -1
  private head = 0
  private count = 0

  get length(): number {
    return this.count
  }

  push(item: Item): void {
    if (this.count > this.mask) this.grow()
    this.items[(this.head + this.count) & this.mask] = item
    this.count++
  }

  shift(): Item | undefined {
    if (this.count === 0) return undefined
    const item = this.items[this.head]
    // What was taken must not be kept alive from here.
    this.items[this.head] = undefined
    this.head = (this.head + 1) & this.mask
    this.count--
    return item
  }

  peek(): Item | undefined {
    return this.count === 0 ? undefined : this.items[this.head]
  }

  /** The item that would be shifted `index` shifts from now. */
  at(index: number): Item | undefined {
    return index < this.count ? this.items[(this.head + index) & this.mask] : undefined
  }

  /** Takes out the first item equal to `item`; false when there is none. */
  remove(item: Item): boolean {
    if (this.count > 0 && this.peek() === item) {
      this.shift()
      return true
    }
    for (let index = 0; index < this.count; index++) {
      if (this.at(index) !== item) continue
      for (let next = index; next < this.count - 1; next++) {
        this.items[(this.head + next) & this.mask] = this.at(next + 1)
      }
      this.items[(this.head + this.count - 1) & this.mask] = undefined
      this.count--
      return true
    }
    return false
  }

  clear(): void {
    this.items = NO_ITEMS
    this.mask = -1
    this.head = 0
    this.count = 0
  }

  private grow(): void {
    const capacity = this.mask < 0 ? FIRST_CAPACITY : this.items.length * 2
    const items: (Item | undefined)[] = new Array(capacity)
    for (let index = 0; index < this.count; index++) items[index] = this.at(index)
    this.items = items
    this.mask = capacity - 1
    this.head = 0
  }
}

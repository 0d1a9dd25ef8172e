import type { Frame } from "../message.js"
import {
  addChild,
  childOf,
  createNode,
  hasLabel,
  isFork,
  join,
  LONGEST_LABEL,
  type Node,
  nextLimit,
  putLabel,
  removeChild,
  sharedLength,
  split,
  toLabel,
} from "./trie-node.js"

/** Values by byte strings, to be found by what the strings are prefixes of: a radix trie. */
export class Trie<Value> {
  /** How many keys have a value. */
  size = 0
  private readonly root: Node<Value> = createNode("")

  get(key: Frame): Value | undefined {
    let node: Node<Value> | undefined = this.root
    for (let at = 0; at < key.length; at += node.length) {
      node = childOf(node, key[at] as number)
      if (node === undefined || !hasLabel(node, key, at)) return undefined
    }
    return node.value
  }

  set(key: Frame, value: Value): void {
    let node = this.root
    for (let at = 0; at < key.length; at += node.length) {
      const child = childOf(node, key[at] as number)
      if (child === undefined) {
        const leaf = createNode<Value>(toLabel(key, at, Math.min(nextLimit(at), key.length)))
        addChild(node, leaf)
        node = leaf
      } else {
        const length = sharedLength(child.label, key, at)
        if (length < child.length) split(child, length)
        node = child
      }
    }
    if (node.value === undefined) this.size++
    node.value = value
  }

  delete(key: Frame): void {
    // The last node that must stay: it has a value, or leads elsewhere too.
    let keeper = this.root
    let keeperEnd = 0
    let node = this.root
    for (let at = 0; at < key.length; at += node.length) {
      const next = childOf(node, key[at] as number)
      if (next === undefined || !hasLabel(next, key, at)) return
      if (node.value !== undefined || isFork(node)) {
        keeper = node
        keeperEnd = at
      }
      node = next
    }
    if (node.value === undefined) return
    node.value = undefined
    this.size--
    if (node.children !== undefined) join(node, key.length)
    else if (keeperEnd < key.length) {
      removeChild(keeper, key[keeperEnd] as number)
      join(keeper, keeperEnd)
    }
  }

  /** Whether any key is a prefix of `text`. */
  matches(text: Frame): boolean {
    let node: Node<Value> | undefined = this.root
    for (let at = 0; node.value === undefined; at += node.length) {
      if (at === text.length) return false
      node = childOf(node, text[at] as number)
      if (node === undefined || !hasLabel(node, text, at)) return false
    }
    return true
  }

  /** Puts the values of all keys that are prefixes of `text` into `found`; returns how many there are. */
  collect(text: Frame, found: Value[]): number {
    let count = 0
    let node: Node<Value> | undefined = this.root
    for (let at = 0; ; at += node.length) {
      if (node.value !== undefined) found[count++] = node.value
      if (at === text.length) return count
      node = childOf(node, text[at] as number)
      if (node === undefined || !hasLabel(node, text, at)) return count
    }
  }

  /** All keys, as fresh byte arrays. */
  *keys(): Generator<Uint8Array> {
    for (const [key] of this.entries()) yield key
  }

  /** All keys, as fresh byte arrays, with their values. */
  *entries(): Generator<[Uint8Array, Value]> {
    // The key of the node at hand; each step overwrites it from its own depth on.
    let path = new Uint8Array(LONGEST_LABEL)
    const stack: { node: Node<Value>; depth: number }[] = [{ node: this.root, depth: 0 }]
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { node, depth } = top
      const end = depth + node.length
      if (end > path.length) {
        const shorter = path
        path = new Uint8Array(2 * end)
        path.set(shorter)
      }
      putLabel(node.label, path, depth)
      if (node.value !== undefined) yield [path.slice(0, end), node.value]
      for (const child of node.children ?? []) {
        if (child !== undefined) stack.push({ node: child, depth: end })
      }
    }
  }
}

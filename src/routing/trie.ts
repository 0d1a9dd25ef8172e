import type { Frame } from "../message.js"

/** A node for each byte of each key. Most have one child, which needs no map. */
interface Node<Value> {
  value: Value | undefined
  byte: number
  child: Node<Value> | undefined
  children: Map<number, Node<Value>> | undefined
}

function createNode<Value>(): Node<Value> {
  return { value: undefined, byte: -1, child: undefined, children: undefined }
}

function childOf<Value>(node: Node<Value>, byte: number): Node<Value> | undefined {
  return node.children === undefined ? (node.byte === byte ? node.child : undefined) : node.children.get(byte)
}

/** Values by byte strings, to be found by what the strings are prefixes of. */
export class Trie<Value> {
  /** How many keys have a value. */
  size = 0
  private readonly root: Node<Value> = createNode()

  get(key: Frame): Value | undefined {
    let node: Node<Value> | undefined = this.root
    for (let at = 0; at < key.length && node !== undefined; at++) node = childOf(node, key[at] as number)
    return node?.value
  }

  set(key: Frame, value: Value): void {
    let node = this.root
    for (let at = 0; at < key.length; at++) {
      const byte = key[at] as number
      let next = childOf(node, byte)
      if (next === undefined) {
        next = createNode<Value>()
        addChild(node, byte, next)
      }
      node = next
    }
    if (node.value === undefined) this.size++
    node.value = value
  }

  delete(key: Frame): void {
    // The last node that must stay: it has a value, or leads elsewhere too.
    let keeper = this.root
    let branch = key[0]
    let node: Node<Value> = this.root
    for (let at = 0; at < key.length; at++) {
      const next = childOf(node, key[at] as number)
      if (next === undefined) return
      if (at > 0 && (node.value !== undefined || node.children !== undefined)) {
        keeper = node
        branch = key[at]
      }
      node = next
    }
    if (node.value === undefined) return
    node.value = undefined
    this.size--
    if (node.child === undefined && node.children === undefined && branch !== undefined)
      removeChild(keeper, branch)
  }

  /** Whether any key is a prefix of `text`. */
  matches(text: Frame): boolean {
    let node: Node<Value> | undefined = this.root
    for (let at = 0; node !== undefined; at++) {
      if (node.value !== undefined) return true
      if (at === text.length) return false
      node = childOf(node, text[at] as number)
    }
    return false
  }

  /** Puts the values of all keys that are prefixes of `text` into `found`; returns how many there are. */
  collect(text: Frame, found: Value[]): number {
    let count = 0
    let node: Node<Value> | undefined = this.root
    for (let at = 0; node !== undefined; at++) {
      if (node.value !== undefined) found[count++] = node.value
      if (at === text.length) break
      node = childOf(node, text[at] as number)
    }
    return count
  }

  /** All keys, as fresh byte arrays, with their values. */
  *entries(): Generator<[Uint8Array, Value]> {
    // The key of the node at hand; each step overwrites it from its own depth on.
    const path: number[] = []
    const stack: { node: Node<Value>; byte: number; depth: number }[] = [
      { node: this.root, byte: -1, depth: 0 },
    ]
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { node, byte, depth } = top
      if (depth > 0) path[depth - 1] = byte
      path.length = depth
      if (node.value !== undefined) yield [Uint8Array.from(path), node.value]
      if (node.child !== undefined) stack.push({ node: node.child, byte: node.byte, depth: depth + 1 })
      for (const [next, child] of node.children ?? [])
        stack.push({ node: child, byte: next, depth: depth + 1 })
    }
  }
}

function addChild<Value>(node: Node<Value>, byte: number, child: Node<Value>): void {
  if (node.children !== undefined) node.children.set(byte, child)
  else if (node.child === undefined) {
    node.byte = byte
    node.child = child
  } else {
    node.children = new Map([
      [node.byte, node.child],
      [byte, child],
    ])
    node.byte = -1
    node.child = undefined
  }
}

function removeChild<Value>(node: Node<Value>, byte: number): void {
  if (node.children === undefined) {
    node.byte = -1
    node.child = undefined
    return
  }
  node.children.delete(byte)
  if (node.children.size > 1) return
  for (const [rest, child] of node.children) {
    node.byte = rest
    node.child = child
  }
  node.children = undefined
}

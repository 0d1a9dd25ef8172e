import type { Frame } from "../message.js"

/**
 * No label crosses a multiple of this many bytes from the beginning of the key. To split and to join labels costs
 * little, then, however long the keys are that a peer thinks up.
 */
export const LONGEST_LABEL = 512

/**
 * Stands for the key that is the labels from the root, whose own is empty, to here. Every other node has a value,
 * or two children, or ends where no label may go on: what the trie looks like depends on its keys alone.
 */
export interface Node<Value> {
  value: Value | undefined
  /** The last bytes of the key, a character each: a Uint8Array of a few bytes takes many times the memory. */
  label: string
  /** The label's length and first byte: most searches need no more of it, and strings are slow to look into. */
  length: number
  byte: number
  children: Children<Value> | undefined
  /** Has bit `byte & 31` of each child: most of what leads nowhere is turned away without a look at the table. */
  mask: number
}

/** Each child is at its byte modulo the length, which is the least of LENGTHS that keeps all apart. */
type Children<Value> = (Node<Value> | undefined)[]

export function createNode<Value>(label: string): Node<Value> {
  const byte = label === "" ? -1 : label.charCodeAt(0)
  return { value: undefined, label, length: label.length, byte, children: undefined, mask: 0 }
}

export function childOf<Value>(node: Node<Value>, byte: number): Node<Value> | undefined {
  if (((node.mask >>> byte) & 1) === 0) return undefined
  const children = node.children as Children<Value>
  const child = children[byte % children.length]
  return child !== undefined && child.byte === byte ? child : undefined
}

/** Whether the label of a node that was found by its first byte is in `text` at `at`. */
export function hasLabel<Value>(node: Node<Value>, text: Frame, at: number): boolean {
  const { length } = node
  if (length === 1) return true
  // A read past the end would be no match either, but slow.
  if (length > text.length - at) return false
  const { label } = node
  for (let index = 1; index < length; index++) {
    if (label.charCodeAt(index) !== text[at + index]) return false
  }
  return true
}

/** How much of a label that was found by its first byte is in `key` at `at`. */
export function sharedLength(label: string, key: Frame, at: number): number {
  const end = Math.min(label.length, key.length - at)
  let length = 1
  while (length < end && label.charCodeAt(length) === key[at + length]) length++
  return length
}

/** Where a label that begins at `at` has to end. */
export function nextLimit(at: number): number {
  return at - (at % LONGEST_LABEL) + LONGEST_LABEL
}

export function isFork<Value>(node: Node<Value>): boolean {
  return node.children !== undefined && node.children.length > 1
}

/** Leaves the node the first `length` bytes of its label; a child takes the others, and all that it had. */
export function split<Value>(node: Node<Value>, length: number): void {
  putLabel(node.label, scratch, 0)
  const rest = createNode<Value>(toLabel(scratch, length, node.length))
  adopt(rest, node)
  node.label = toLabel(scratch, 0, length)
  node.length = length
  node.value = undefined
  node.children = [rest]
  node.mask = maskOf(rest)
}

/** Undoes a split that nothing calls for any more. `end` is where the node's label ends in a key. */
export function join<Value>(node: Node<Value>, end: number): void {
  // The root ends at 0, and stays as it is.
  if (node.value !== undefined || isFork(node) || end % LONGEST_LABEL === 0) return
  const child = node.children?.[0]
  if (child === undefined) return
  putLabel(node.label, scratch, 0)
  putLabel(child.label, scratch, node.length)
  node.length += child.length
  node.label = toLabel(scratch, 0, node.length)
  adopt(node, child)
}

function adopt<Value>(node: Node<Value>, from: Node<Value>): void {
  node.value = from.value
  node.children = from.children
  node.mask = from.mask
}

export function addChild<Value>(node: Node<Value>, child: Node<Value>): void {
  node.mask |= maskOf(child)
  const children = node.children
  if (children === undefined) node.children = [child]
  else if (children[child.byte % children.length] === undefined) {
    children[child.byte % children.length] = child
  } else {
    // No lesser length kept even those apart that were there.
    node.children = arrange([...children, child], children.length + 1)
  }
}

export function removeChild<Value>(node: Node<Value>, byte: number): void {
  const rest = node.children?.filter((child) => child !== undefined && child.byte !== byte) ?? []
  node.children = rest.length === 0 ? undefined : arrange(rest, rest.length)
  node.mask = 0
  for (const child of rest) if (child !== undefined) node.mask |= maskOf(child)
}

function maskOf<Value>(child: Node<Value>): number {
  return 1 << child.byte
}

// Close together, so that few places stay empty, but few, so that a peer cannot make us try many.
const LENGTHS = [1, 2, 3, 4, 5, 7, 9, 11, 13, 16, 19, 23, 29, 37, 47, 61, 79, 101, 127, 161, 199]

/** The table of these children, which has at least `least` places. */
function arrange<Value>(children: Children<Value>, least: number): Children<Value> {
  const length = LENGTHS.find((length) => length >= least && !collide(children, length)) ?? 256
  const table: Children<Value> = new Array(length).fill(undefined)
  for (const child of children) if (child !== undefined) table[child.byte % length] = child
  return table
}

const taken = new Uint8Array(256)

function collide<Value>(children: Children<Value>, length: number): boolean {
  taken.fill(0, 0, length)
  for (const child of children) {
    if (child === undefined) continue
    const place = child.byte % length
    if (taken[place] === 1) return true
    taken[place] = 1
  }
  return false
}

const scratch = new Uint8Array(LONGEST_LABEL)

/** Made of bytes, as a part of a string would keep the whole of it, and a sum of strings its parts. */
export function toLabel(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode.apply(undefined, bytes.subarray(start, end) as unknown as number[])
}

export function putLabel(label: string, bytes: Uint8Array, at: number): void {
  for (let index = 0; index < label.length; index++) bytes[at + index] = label.charCodeAt(index)
}

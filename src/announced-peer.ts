import { toText } from "./bytes.js"
import type { Frame } from "./message.js"
import type { Peer } from "./peer.js"

/** No honest peer says more than this of itself. */
const MOST_PROPERTIES = 64
const MOST_CHARACTERS = 65_536

/** A peer as it announced itself; its properties become strings when somebody asks for them. */
export class AnnouncedPeer implements Peer {
  readonly socketType: string
  readonly routingId: Frame
  readonly address: string
  private readonly extras: ReadonlyMap<string, string> | undefined
  private known: ReadonlyMap<string, string> | undefined

  /** `extras` is what it said beyond the usual, as {@link keepProperties} makes it. */
  constructor(socketType: string, routingId: Frame, address: string, extras?: ReadonlyMap<string, string>) {
    this.socketType = socketType
    this.routingId = routingId
    this.address = address
    this.extras = extras
  }

  get properties(): ReadonlyMap<string, string> {
    this.known ??= this.describe()
    return this.known
  }

  private describe(): PropertyMap {
    const properties = new PropertyMap()
    if (this.socketType !== "") properties.add("Socket-Type", this.socketType)
    if (this.routingId.length > 0) {
      const id = toText(this.routingId)
      properties.add("Identity", id)
      properties.add("Routing-Id", id)
    }
    const host = hostOf(this.address)
    if (host !== "") properties.add("Peer-Address", host)
    for (const [name, value] of this.extras ?? []) properties.add(name, value)
    return properties
  }
}

/** What a peer says of itself beyond the usual, in memory of its own and within bounds; undefined when that is nothing. */
export function keepProperties(
  announced: ReadonlyMap<string, Frame>,
): ReadonlyMap<string, string> | undefined {
  let kept: Map<string, string> | undefined
  let left = MOST_CHARACTERS
  for (const [name, bytes] of announced) {
    const lowerCase = name.toLowerCase()
    if (lowerCase === "socket-type" || lowerCase === "identity") continue
    // Long ones are not even read.
    if (name.length + bytes.length > left || (kept?.size ?? 0) >= MOST_PROPERTIES) continue
    kept ??= new Map()
    left -= name.length + bytes.length
    kept.set(name, toText(bytes))
  }
  return kept
}

/** A map whose names are looked up in any case, and which nobody changes. */
class PropertyMap implements ReadonlyMap<string, string> {
  /** By names in lower case: the name as it was given, and the value. */
  readonly #entries: Map<string, readonly [name: string, value: string]> = new Map()

  /** The first of a name counts. */
  add(name: string, value: string): void {
    const key = name.toLowerCase()
    if (!this.#entries.has(key)) this.#entries.set(key, [name, value])
  }

  get size(): number {
    return this.#entries.size
  }

  get(name: string): string | undefined {
    return this.#entries.get(name.toLowerCase())?.[1]
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase())
  }

  forEach(
    callback: (value: string, name: string, map: ReadonlyMap<string, string>) => void,
    self?: unknown,
  ): void {
    for (const [name, value] of this) callback.call(self, value, name, this)
  }

  *entries(): MapIterator<[string, string]> {
    for (const [name, value] of this.#entries.values()) yield [name, value]
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.#entries.values()) yield name
  }

  *values(): MapIterator<string> {
    for (const [, value] of this.#entries.values()) yield value
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries()
  }
}

/** An address without its port and brackets. */
function hostOf(address: string): string {
  const end = address.lastIndexOf(":")
  const host = end < 0 ? address : address.slice(0, end)
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host
}

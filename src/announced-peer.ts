import { toText } from "./bytes.js"
import type { Frame } from "./message.js"
import type { Peer } from "./peer.js"
import { hostOf } from "./peer-address.js"

/** No honest peer says more than this of itself. */
const MOST_PROPERTIES = 64
const MOST_CHARACTERS = 65_536
/** What a peer may not say of itself by name: these are told by its handshake, its connection and our authenticator. */
const RESERVED: readonly string[] = ["socket-type", "identity", "routing-id", "peer-address", "user-id"]

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
    const pairs: [name: string, value: string][] = []
    if (this.socketType !== "") pairs.push(["Socket-Type", this.socketType])
    if (this.routingId.length > 0) {
      const id = toText(this.routingId)
      pairs.push(["Identity", id], ["Routing-Id", id])
    }
    const host = hostOf(this.address)
    if (host !== "") pairs.push(["Peer-Address", host])
    return new PropertyMap([...pairs, ...(this.extras ?? [])])
  }
}

/**
 * What our authenticator says of a peer, and then what it says of itself beyond the usual, in memory of its own and
 * within bounds; undefined when that is nothing.
 */
export function keepProperties(
  announced: ReadonlyMap<string, Frame>,
  vouched?: ReadonlyMap<string, Frame>,
): ReadonlyMap<string, string> | undefined {
  let kept: Map<string, string> | undefined
  let left = MOST_CHARACTERS
  const keep = (name: string, bytes: Frame): void => {
    // Long ones are not even read.
    if (name.length + bytes.length > left || (kept?.size ?? 0) >= MOST_PROPERTIES) return
    kept ??= new Map()
    left -= name.length + bytes.length
    kept.set(name, toText(bytes))
  }
  const reserved = new Set(RESERVED)
  for (const [name, bytes] of vouched ?? []) {
    keep(name, bytes)
    // Were there no room for it, the peer must not fill the gap.
    reserved.add(name.toLowerCase())
  }
  for (const [name, bytes] of announced) if (!reserved.has(name.toLowerCase())) keep(name, bytes)
  return kept
}

/** A map whose names are looked up in any case, and which nobody changes. */
class PropertyMap extends Map<string, string> {
  /** The names as they were given, by themselves in lower case. */
  readonly #names: Map<string, string> = new Map()

  /** The first of a name counts. */
  constructor(pairs: Iterable<readonly [name: string, value: string]>) {
    super()
    for (const [name, value] of pairs) {
      const key = name.toLowerCase()
      if (this.#names.has(key)) continue
      this.#names.set(key, name)
      super.set(name, value)
    }
  }

  override get(name: string): string | undefined {
    const given = this.#names.get(name.toLowerCase())
    return given === undefined ? undefined : super.get(given)
  }

  override has(name: string): boolean {
    return this.#names.has(name.toLowerCase())
  }

  override set(): never {
    throw new TypeError("A peer's properties cannot be changed.")
  }

  override delete(): never {
    return this.set()
  }

  override clear(): never {
    return this.set()
  }
}

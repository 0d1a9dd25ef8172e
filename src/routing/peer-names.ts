import { copyOf, toLatin1, viewOf } from "../bytes.js"
import type { Frame } from "../message.js"
import type { Pipe, Random } from "./pattern.js"

/** A routing id that the library gives: a zero, which no chosen one begins with, and a number. */
const GIVEN_ID_SIZE = 5
/** Memory of its own would cost each of them more than all the rest of it; a kept one keeps little of others. */
const IDS_AT_ONCE = 64

/** The peers of a ROUTER by their routing ids. */
export class PeerNames {
  private readonly pipes: Map<string, Pipe> = new Map()
  /** By the very frames that users got: who answers seldom makes a copy, and need not be looked up by bytes. */
  private readonly shown: Map<Frame, Pipe> = new Map()
  private nextId: number
  private ids: DataView = new DataView(new ArrayBuffer(0))
  private idAt = 0

  constructor(random: Random) {
    this.nextId = Math.floor(random() * 0x1_0000_0000)
  }

  /** The peer that has this id. */
  find(id: Frame): Pipe | undefined {
    const pipe = this.shown.get(id)
    // The frame is the user's, who may have written another id into it.
    if (pipe !== undefined && isSame(id, pipe.routingId as Frame)) return pipe
    return this.pipes.get(toLatin1(id))
  }

  /** The id of a peer as a frame for the user: the same each time, as long as he leaves it as it is. */
  show(pipe: Pipe): Frame {
    const id = pipe.routingId as Frame
    const { shownId } = pipe
    return shownId !== undefined && isSame(shownId, id) ? shownId : this.showAnew(pipe, id)
  }

  private showAnew(pipe: Pipe, id: Frame): Frame {
    this.hide(pipe)
    const copy = copyOf(id)
    pipe.shownId = copy
    // One that has left may have a successor of that name; what it said can still be read.
    if (!pipe.ended) this.shown.set(copy, pipe)
    return copy
  }

  private hide(pipe: Pipe): void {
    if (pipe.shownId !== undefined) this.shown.delete(pipe.shownId)
  }

  /** From now on the peer has this id, whoever had it. */
  give(pipe: Pipe, id: Frame): void {
    pipe.routingId = id
    this.pipes.set(toLatin1(id), pipe)
  }

  forget(pipe: Pipe): void {
    if (pipe.routingId === undefined) return
    this.hide(pipe)
    const key = toLatin1(pipe.routingId)
    if (this.pipes.get(key) === pipe) this.pipes.delete(key)
  }

  all(): Iterable<Pipe> {
    return this.pipes.values()
  }

  /** An id that nobody has. */
  makeId(): Frame {
    if (this.idAt === this.ids.byteLength) {
      this.ids = new DataView(new ArrayBuffer(GIVEN_ID_SIZE * IDS_AT_ONCE))
      this.idAt = 0
    }
    const id = viewOf(this.ids.buffer, this.idAt, GIVEN_ID_SIZE)
    do {
      this.ids.setUint32(this.idAt + 1, this.nextId)
      this.nextId = (this.nextId + 1) >>> 0
    } while (this.pipes.has(toLatin1(id)))
    this.idAt += GIVEN_ID_SIZE
    return id
  }
}

function isSame(one: Frame, other: Frame): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}

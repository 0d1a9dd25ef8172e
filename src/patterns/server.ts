import { allocate, EMPTY } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import type { Peer } from "../peer.js"
import { FilteredQueue } from "../routing/filtered-queue.js"
import { Pattern, type Pipe, type Random } from "../routing/pattern.js"
import { isSole } from "../routing/sole-frame.js"

const ID_SIZE = 4
const LAST_ID = 0xffff_ffff

/** A routing id as a frame. */
export function encodeServerId(id: number): Frame {
  const frame = allocate(ID_SIZE)
  new DataView(frame.buffer, frame.byteOffset, ID_SIZE).setUint32(0, id)
  return frame
}

/** A frame as a routing id; 0, which nobody has, for what is none. */
export function decodeServerId(frame: Frame): number {
  if (frame.length !== ID_SIZE) return 0
  return new DataView(frame.buffer, frame.byteOffset, ID_SIZE).getUint32(0)
}

/**
 * SERVER (RFC 41, draft) and PEER (draft): gives each peer a number, puts it before each message, of one frame, that
 * comes from him, and sends each message to whom its first frame names. It waits while he has no room; who is not there
 * is EHOSTUNREACH.
 */
export class ServerPattern extends Pattern {
  private readonly queue: FilteredQueue = new FilteredQueue(isSole)
  private readonly pipes: Map<number, Pipe> = new Map()
  private nextId: number
  private readonly body: Message = [EMPTY]

  constructor(random: Random) {
    super()
    this.nextId = Math.floor(random() * LAST_ID)
  }

  attach(pipe: Pipe): void {
    const id = this.makeId()
    pipe.routingId = encodeServerId(id)
    this.pipes.set(id, pipe)
  }

  detach(pipe: Pipe): void {
    this.pipes.delete(decodeServerId(pipe.routingId as Frame))
  }

  override readable(pipe: Pipe): void {
    this.queue.add(pipe)
  }

  override receive(): Message | undefined {
    return this.addId(this.queue.next())
  }

  override takeAtOnce(): Message | undefined {
    return this.addId(this.queue.takeAtOnce())
  }

  /** Throws EINVAL, EHOSTUNREACH. */
  override send(message: Message): boolean {
    if (message.length !== 2) {
      throw new ZmqError("EINVAL", { message: "This type of socket sends messages of one frame." })
    }
    const pipe = this.find(message[0] as Frame)
    const { body } = this
    body[0] = message[1] as Frame
    const written = pipe.write(body)
    body[0] = EMPTY
    return written
  }

  /** Ends the connection to a peer, behind what was sent to him. Throws EHOSTUNREACH. */
  disconnect(id: Frame): void {
    this.find(id).finish()
  }

  override get sender(): Peer | undefined {
    return this.queue.sender
  }

  /** Whether there is room is known when a message names its peer. */
  override get canSend(): boolean {
    return true
  }

  override get canReceive(): boolean {
    return this.queue.readable
  }

  private find(id: Frame): Pipe {
    const pipe = this.pipes.get(decodeServerId(id))
    if (pipe === undefined) throw new ZmqError("EHOSTUNREACH")
    return pipe
  }

  private addId(message: Message | undefined): Message | undefined {
    if (message === undefined) return undefined
    return [this.queue.last?.routingId as Frame, message[0] as Frame]
  }

  private makeId(): number {
    do this.nextId = this.nextId === LAST_ID ? 1 : this.nextId + 1
    while (this.pipes.has(this.nextId))
    return this.nextId
  }
}

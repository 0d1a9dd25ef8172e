import { allocateChunk, copyOf, EMPTY } from "../bytes.js"
import { ProtocolError } from "../errors.js"
import type { Frame } from "../message.js"
import type { FrameOpener, Protection } from "../security/mechanism.js"
import { beginsAsSign } from "../wire/command.js"
import { Decoder, type DecoderLimits, type DecoderSink } from "../wire/decoder.js"
import { COMMAND } from "../wire/flags.js"

const SMALLEST_SCRATCH = 4096
const LARGEST_SCRATCH = 65_536
const SHORT_HEADER = 2

/** A connection's way in: what is read becomes frames, by way of what uncovers them where a mechanism hides them. */
export class LinkReader {
  private readonly decoder: Decoder
  private opener: FrameOpener | undefined
  /** What was read while frames were not hidden has yet to be looked at again: it was of those that are. */
  private hasRest = false
  /** Hidden bytes on their way: nothing of them outlives the read, so that the next one may have the memory. */
  private scratch: Uint8Array = EMPTY
  /** The connection has asked for a space since frames are hidden: until then it reads to where the decoder wants it. */
  private readsHidden = false

  /** Nothing is to be decoded while this is true, {@link resume} or not: the user is behind with what earlier connections brought. */
  holds = false

  constructor(sink: DecoderSink, limits: DecoderLimits) {
    this.decoder = new Decoder(sink, limits)
    // Nothing is a frame until the greeting has been taken out.
    this.decoder.halted = true
    this.decoder.refusesParts = true
  }

  /** Frames wait for a reader. */
  get halted(): boolean {
    return this.decoder.halted
  }

  /** Whether the peer's frames are hidden. */
  get protected(): boolean {
    return this.opener !== undefined
  }

  /** No frame has begun that is not there whole. */
  get atRest(): boolean {
    return !this.decoder.insideLargeFrame && this.decoder.peekRaw().length === 0
  }

  /** What stands behind the handshake waits. What calls this from within the decoder's sink must stop it there. */
  hold(): void {
    this.holds = true
    this.halt()
  }

  /** What comes waits, as if the sink had said "no more". */
  halt(): void {
    this.decoder.halted = true
  }

  /** From here on there are messages. */
  takeMessages(): void {
    this.decoder.refusesParts = false
  }

  /**
   * From here on the peer's frames are hidden. What calls this from within the decoder's sink must stop it there, for
   * what follows is no frame that it knows. Throws a ProtocolError when the peer was in the middle of one that it had no
   * right to send yet: what is hidden would end up in it.
   */
  protect(protection: Protection, { frameBytes, messageBytes }: DecoderLimits): void {
    if (this.decoder.insideLargeFrame) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A frame began before the handshake was over.")
    }
    const longest = Math.min(frameBytes, messageBytes)
    this.opener = protection.createOpener(longest, (frames) => this.decoder.feed(frames))
    this.hasRest = true
  }

  /** What the peer may send from now on. */
  setLimits(limits: DecoderLimits): void {
    this.decoder.setLimits(limits)
  }

  /** Where the connection may put the next bytes. */
  space(): Uint8Array {
    if (this.opener === undefined) return this.decoder.space()
    if (this.scratch.length === 0) this.scratch = allocateChunk(SMALLEST_SCRATCH)
    this.readsHidden = true
    return this.scratch
  }

  /** Takes the `count` bytes that were put at the start of {@link space}. Throws a ProtocolError. */
  advance(count: number): void {
    if (this.opener === undefined) {
      this.decoder.advance(count)
      if (this.hasRest) this.openRest()
    } else if (this.readsHidden) this.open(this.opener, count)
    else this.opener.open(copyOf(this.decoder.space().subarray(0, count)))
  }

  /** Goes on after the sink said "no more". Throws a ProtocolError. */
  resume(): void {
    if (this.hasRest) this.openRest()
    else if (!this.holds) this.decoder.resume()
    if (this.hasRest) this.openRest()
  }

  /**
   * While nothing is to be decoded: gives `take` the signs of life that no message stands before. False: what is left is
   * for the user.
   */
  passSigns(take: (body: Frame) => void): boolean {
    for (;;) {
      const rest = this.peekRaw()
      if (rest[0] !== COMMAND || !beginsAsSign(rest.subarray(SHORT_HEADER))) return rest.length === 0
      const end = SHORT_HEADER + (rest[1] ?? rest.length)
      if (rest.length < end) return true
      take((this.takeRaw(end) as Frame).subarray(SHORT_HEADER) as Frame)
    }
  }

  /** Takes `count` bytes out before any frame: the greeting. Undefined until they are all there. */
  takeRaw(count: number): Uint8Array | undefined {
    return this.decoder.takeRaw(count)
  }

  /** The bytes that are there and not decoded. */
  peekRaw(): Uint8Array {
    return this.decoder.peekRaw()
  }

  private open(opener: FrameOpener, count: number): void {
    const { scratch } = this
    opener.open(scratch.subarray(0, count))
    // A read that filled what it was given had more to bring.
    if (count === scratch.length && count < LARGEST_SCRATCH) this.scratch = allocateChunk(count * 4)
  }

  private openRest(): void {
    const { decoder } = this
    this.hasRest = false
    const rest = decoder.takeRaw(decoder.peekRaw().length) as Uint8Array
    decoder.halted = this.holds
    ;(this.opener as FrameOpener).open(rest)
  }
}

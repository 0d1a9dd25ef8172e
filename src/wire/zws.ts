// ZWS 2.0 (RFC 45) as libzmq speaks it: each frame is one binary WebSocket message, a byte of flags and the body.

import { allocateShared, viewOf } from "../bytes.js"
import { LimitError, ProtocolError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import { beginsAsSign } from "./command.js"
import type { DecoderLimits } from "./decoder.js"

/** Another frame of the same message follows. */
export const ZWS_MORE = 1
/** The body is a command. Not the bit that ZMTP has for it. */
export const ZWS_COMMAND = 2

/** The subprotocol without a mechanism: what each side says first is its routing id. */
export const BARE_SUBPROTOCOL = "ZWS2.0"

/** The subprotocol whose handshake is the mechanism's. */
export function subprotocolOf(mechanism: string): string {
  return `${BARE_SUBPROTOCOL}/${mechanism}`
}

/**
 * The same in the form that a browser can offer: RFC 6455 allows no slash, though libzmq has one. libzmq does not know
 * it.
 */
export function webSubprotocolOf(mechanism: string): string {
  return `${BARE_SUBPROTOCOL}.${mechanism}`
}

/**
 * The first of the subprotocols that a client offers which is among `supported`; undefined when none is. Their case
 * counts, as for libzmq, which offers several with no space between.
 */
export function selectSubprotocol(offer: string, supported: readonly string[]): string | undefined {
  return offer
    .split(",")
    .map((name) => name.trim())
    .find((name) => supported.includes(name))
}

/** One frame as a WebSocket message in memory of its own. */
export function encodePacket(flags: number, body: Uint8Array): Uint8Array {
  const packet = allocateShared(1 + body.length)
  packet[0] = flags
  packet.set(body, 1)
  return packet
}

/** Where decoded messages and commands go. */
export interface PacketSink {
  /** One whole message. */
  message(message: Message): void
  /** The body of a command. */
  command(body: Frame): void
}

/** Uncovers what a mechanism has hidden. */
export interface PacketOpener {
  /** A packet's flags and body, from what it was hidden in. Throws a ProtocolError. */
  open(hidden: Frame): { readonly flags: number; readonly body: Frame }
}

/** WebSocket messages into messages and commands. Frames are views on what came; nothing is copied. */
export class PacketDecoder {
  /** No message of several frames may come yet: its first ones would wait here and be part of what is said later. */
  refusesParts = true
  private readonly sink: PacketSink
  private limits: DecoderLimits
  private opener: PacketOpener | undefined
  private parts: Message = []
  private partBytes = 0

  constructor(sink: PacketSink, limits: DecoderLimits) {
    this.sink = sink
    this.limits = limits
  }

  /** Other limits from the next frame on. */
  setLimits(limits: DecoderLimits): void {
    this.limits = limits
  }

  /** From now on what comes is hidden. */
  protect(opener: PacketOpener): void {
    this.opener = opener
  }

  /** Whether a WebSocket message is seen to say no more than that the peer lives, without looking into what is hidden. */
  isSign(packet: Uint8Array): boolean {
    return this.opener === undefined && packet[0] === ZWS_COMMAND && beginsAsSign(packet.subarray(1))
  }

  /** Takes one WebSocket message. Throws a ProtocolError on garbage and is of no further use then. */
  decode(packet: Uint8Array): void {
    const size = packet.length - 1
    if (size < 0) throw malformed("A frame has no flags.")
    const flags = packet[0] as number
    if (flags > ZWS_COMMAND) throw malformed("A frame has flags that ZWS 2.0 does not define.")
    const body = viewOf(packet.buffer, packet.byteOffset + 1, size)
    if (this.opener === undefined) this.take(body, flags)
    else this.open(this.opener, body)
  }

  private open(opener: PacketOpener, hidden: Frame): void {
    const { flags, body } = opener.open(hidden)
    this.take(body, flags)
  }

  private take(body: Frame, flags: number): void {
    const { limits } = this
    const size = body.length
    if (size > limits.frameBytes) throw tooMuch(`A frame of ${size} bytes is longer than allowed.`)
    if (flags === ZWS_COMMAND) this.sink.command(body)
    else if (flags === 0 && this.parts.length === 0 && size <= limits.messageBytes) this.sink.message([body])
    else this.gather(body, flags)
  }

  private gather(body: Frame, flags: number): void {
    const { parts, limits } = this
    this.partBytes += body.length
    if (parts.length >= limits.messageFrames || this.partBytes > limits.messageBytes) {
      throw tooMuch("A message has more frames or bytes than allowed.")
    }
    if (this.refusesParts) {
      throw new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", "A message of several frames came too early.")
    }
    parts.push(body)
    if (flags === ZWS_MORE) return
    this.parts = []
    this.partBytes = 0
    this.sink.message(parts)
  }
}

function tooMuch(message: string): LimitError {
  return new LimitError("EMSGSIZE", { message })
}

function malformed(message: string): ProtocolError {
  return new ProtocolError("ERR_WS_UNSPECIFIED", message)
}

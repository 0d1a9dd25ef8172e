// What a mechanism does with frames, done with the packets of ZWS: their flags are others, and hidden ones have none.

import type { Frame } from "../message.js"
import type { FrameOpener, FrameSealer, Protection } from "../security/mechanism.js"
import type { DecoderLimits } from "../wire/decoder.js"
import { COMMAND, MORE } from "../wire/flags.js"
import { encodePacket, type PacketOpener, ZWS_COMMAND, ZWS_MORE } from "../wire/zws.js"

/** Hides packets. */
export class PacketSealer {
  private readonly sealer: FrameSealer

  constructor({ sealer }: Protection) {
    this.sealer = sealer
  }

  seal(packets: readonly Uint8Array[]): Uint8Array[] {
    return packets.map((packet) => {
      const flags = packet[0] === ZWS_COMMAND ? COMMAND : packet[0] === ZWS_MORE ? MORE : 0
      return encodePacket(0, this.sealer.sealFrame(flags, packet.subarray(1)))
    })
  }
}

/** Uncovers them, in as many bytes as a frame may have. */
export function packetOpener(
  protection: Protection,
  { frameBytes, messageBytes }: DecoderLimits,
): PacketOpener {
  const opener: FrameOpener = protection.createOpener(Math.min(frameBytes, messageBytes), () => {})
  return {
    open: (hidden: Frame) => {
      const { flags, body } = opener.openFrame(hidden)
      return { flags: (flags & COMMAND) !== 0 ? ZWS_COMMAND : flags & MORE, body }
    },
  }
}

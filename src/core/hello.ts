import type { HeartbeatSettings } from "../link/heartbeat.js"
import type { Hello } from "../link/link.js"
import type { SocketType } from "../peer.js"
import type { Security } from "../security/security.js"
import type { DecoderLimits } from "../wire/decoder.js"
import { type OptionValues, optionBytes } from "./options.js"

/** Before a handshake is over no message has more. */
const HANDSHAKE_FRAMES = 1

/** Whether sockets of this type, with these options, talk to peers that do not speak ZMTP. */
export function isRaw(type: SocketType, options: Readonly<OptionValues>): boolean {
  return type === "STREAM" || options.raw
}

/** What connections that are made now say of their socket, and put up with. `frameBytes` is the context's limit. */
export function helloOf(
  type: SocketType,
  options: Readonly<OptionValues>,
  frameBytes: number,
  security: Security,
): Hello {
  const { maxMessageSize, metadata, routingId, handshakeInterval, helloMessage } = options
  const limits = limitsOf(options, Math.min(frameBytes, maxMessageSize < 0 ? Infinity : maxMessageSize))
  return {
    raw: isRaw(type, options),
    firstMessage: helloMessage === null || helloMessage.length === 0 ? undefined : optionBytes(helloMessage),
    socketType: type,
    routingId: optionBytes(routingId),
    metadata,
    limits,
    handshakeLimits: {
      // Libzmq looks at READY alike; the commands of the others are larger than a small message may be.
      frameBytes: security.mechanism === "NULL" ? limits.frameBytes : Infinity,
      messageFrames: HANDSHAKE_FRAMES,
      messageBytes: options.maxHandshakeSize || Infinity,
    },
    handshakeInterval,
    heartbeat: heartbeatOf(options),
    security,
  }
}

function limitsOf(
  { maxMessageFrames, maxMultipartSize }: Readonly<OptionValues>,
  frameBytes: number,
): DecoderLimits {
  return {
    frameBytes,
    messageFrames: maxMessageFrames || Infinity,
    messageBytes: maxMultipartSize || Infinity,
  }
}

function heartbeatOf(options: Readonly<OptionValues>): HeartbeatSettings {
  const { heartbeatInterval, heartbeatTimeToLive, heartbeatTimeout } = options
  return {
    interval: heartbeatInterval,
    timeToLive: heartbeatTimeToLive,
    timeout: heartbeatTimeout < 0 ? heartbeatInterval : heartbeatTimeout,
  }
}

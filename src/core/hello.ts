import type { HeartbeatSettings } from "../link/heartbeat.js"
import type { Hello } from "../link/link.js"
import type { SocketType } from "../peer.js"
import type { Security } from "../security/security.js"
import { type OptionValues, optionBytes } from "./options.js"

/** No honest peer sends a message of more frames or bytes. */
const MESSAGE_FRAMES = 1 << 20
const MESSAGE_BYTES = Number.MAX_SAFE_INTEGER

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
  return {
    raw: isRaw(type, options),
    firstMessage: helloMessage === null || helloMessage.length === 0 ? undefined : optionBytes(helloMessage),
    socketType: type,
    routingId: optionBytes(routingId),
    metadata,
    limits: {
      frameBytes: Math.min(frameBytes, maxMessageSize < 0 ? Infinity : maxMessageSize),
      messageFrames: MESSAGE_FRAMES,
      messageBytes: MESSAGE_BYTES,
    },
    handshakeInterval,
    heartbeat: heartbeatOf(options),
    security,
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

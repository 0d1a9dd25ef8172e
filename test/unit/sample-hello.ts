// What a socket says of itself, with nothing out of the ordinary.
import { EMPTY } from "#src/bytes.js"
import type { Hello } from "#src/link/link.js"
import { openDoor } from "#src/security/security.js"

export const limits = { frameBytes: Infinity, messageFrames: Infinity, messageBytes: Infinity }

export const hello: Hello = {
  socketType: "PULL",
  routingId: EMPTY,
  metadata: null,
  limits,
  handshakeLimits: limits,
  handshakeInterval: 0,
  heartbeat: { interval: 0, timeToLive: 0, timeout: 0 },
  raw: false,
  firstMessage: undefined,
  security: openDoor,
}

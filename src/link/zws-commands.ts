import type { Frame } from "../message.js"
import type { SocketType } from "../peer.js"
import { lateRefusal } from "../security/mechanism.js"
import { decodeCommand } from "../wire/command.js"
import { requestOf } from "../wire/requests.js"
import type { ZwsHeart } from "./zws-heart.js"

/**
 * What a command asks of the pattern that comes over ZWS once the handshake is over: libzmq sends subscriptions as
 * messages here, and others may do so as over ZMTP 3.1. Undefined where it does not; then it may be for `heart`.
 */
export function requestIn(body: Frame, socketType: SocketType, heart: ZwsHeart): Frame | undefined {
  const { name, data } = decodeCommand(body)
  switch (name) {
    case "PING":
      heart.pinged(data)
      return undefined
    case "PONG":
      heart.ponged()
      return undefined
    case "ERROR":
      throw lateRefusal(data)
    default:
      return requestOf(socketType, name, data)
  }
}

import { blocked, type SocketCore } from "../core/socket.js"
import { ZmqError } from "../errors.js"
import type { Socket } from "./socket.js"

/**
 * The inside of an open socket; throws `code` once it is closed. EBADF is for what a proxy must have for itself: as
 * long as one has the socket it throws EBUSY.
 */
export function openCore(socket: Socket, code: "EBADF" | "ENOTSOCK" = "EBADF"): SocketCore {
  const inside = socket.core
  if (inside.barred) refuse(inside, code)
  return inside
}

function refuse(inside: SocketCore, code: "EBADF" | "ENOTSOCK"): void {
  if (inside.closed) throw new ZmqError(code)
  if (code === "EBADF") throw blocked()
}

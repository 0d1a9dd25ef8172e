import type net from "node:net"

/**
 * Waits until `socket` is connected, for `milliseconds` at most, where 0 is any time; then exactly one of the two is
 * called, unless the result was, which gives up. What becomes of the socket from then on is `connected`'s affair.
 */
export function awaitConnection(
  socket: net.Socket,
  milliseconds: number,
  connected: () => void,
  failed: (error: unknown) => void,
): () => void {
  let settled = false
  let timer: NodeJS.Timeout | undefined
  const settle = (): boolean => {
    if (settled) return false
    settled = true
    clearTimeout(timer)
    return true
  }
  const fail = (error: unknown): void => {
    if (!settle()) return
    socket.destroy()
    failed(error)
  }
  socket.on("error", fail)
  socket.on("connect", () => {
    if (!settle()) return
    socket.off("error", fail)
    connected()
  })
  if (milliseconds > 0) {
    timer = setTimeout(() => fail(timedOut()), milliseconds)
    timer.unref()
  }
  return () => {
    if (settle()) socket.destroy()
  }
}

function timedOut(): Error {
  return Object.assign(new Error("Connecting took too long."), { code: "ETIMEDOUT" })
}

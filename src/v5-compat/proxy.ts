import type { Socket } from "./socket.js"

/** The pairs of types that can be proxied. */
const pairs: readonly string[] = ["push/pull", "pull/push", "xpub/xsub", "router/dealer", "xrep/xreq"]

/**
 * Passes messages on between two sockets, both ways, for as long as they live. `capture` is sent what goes to the front
 * end, without the two frames of its envelope where that is a router. Throws an Error for other pairs of types than
 * push and pull, xpub and xsub, router and dealer. (zmq_proxy(3))
 */
export function proxy(frontEnd: Socket, backEnd: Socket, capture?: Socket): void {
  const pair = `${frontEnd.type}/${backEnd.type}`
  if (!pairs.includes(pair)) {
    throw new Error("This socket type order is not supported in compatibility mode")
  }
  const envelope = frontEnd.type === "router" || frontEnd.type === "xrep" ? 2 : 0
  frontEnd.on("message", (...frames: Buffer[]) => {
    backEnd.send(frames)
  })
  backEnd.on("message", (...frames: Buffer[]) => {
    frontEnd.send(frames)
    capture?.send(frames.slice(envelope))
  })
}

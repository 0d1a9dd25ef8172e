import type { PortLike } from "../core/context.js"
import { type Context, contextCore, globalContext } from "./context.js"

/** A port that is attached to a context. */
export interface AttachedPort {
  /** Ends the connections that go through the port, and closes it. */
  close(): void
}

/**
 * Lets the sockets of two threads, say of a page and of a worker, talk over inproc: each side hands one end of a
 * `MessageChannel` to a context of its own (the process-wide one by default), and from then on has the names that
 * sockets of the other side are bound to, those of its own first. The port is for nothing else, and names do not go on to ports of the other side.
 *
 * Messages are copied. Each connection has, beyond the high-water marks of both sockets, messages of 256 KiB at most on
 * its way. When the port is closed its connections end, as when a peer within a thread closes its socket. A thread that
 * is ended by others does not say so: close the port then, where the runtime does not do it.
 */
export function attachPort(port: PortLike, context: Context = globalContext()): AttachedPort {
  if (typeof port?.postMessage !== "function" || typeof port.start !== "function") {
    throw new TypeError("Port must be a MessagePort")
  }
  return contextCore(context).attach(port)
}

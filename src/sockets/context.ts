import { platform } from "#platform"
import { ContextCore, type ContextOptionValues } from "../core/context.js"
import { ZmqError } from "../errors.js"

/** Options of a context; all may be left out. */
export type ContextOptions = Partial<ContextOptionValues>

const insides: WeakMap<Context, ContextCore> = new WeakMap()

/** A group of sockets: their inproc names are their own, and they end together. */
export class Context {
  constructor(options: ContextOptions = {}) {
    if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object")
    insides.set(this, new ContextCore(platform))
    Object.seal(this)
    Object.assign(this, options)
  }

  /** New sockets resolve to and listen on IPv6 addresses too. False by default. (ZMQ_IPV6) */
  get ipv6(): boolean {
    return contextCore(this).options.ipv6
  }
  set ipv6(value: boolean) {
    contextCore(this).options.ipv6 = checkBoolean(value)
  }

  /** New sockets linger without limit; else they do not linger. True by default. (ZMQ_BLOCKY) */
  get blocky(): boolean {
    return contextCore(this).options.blocky
  }
  set blocky(value: boolean) {
    contextCore(this).options.blocky = checkBoolean(value)
  }

  /** Sockets that may be open at a time; one more throws EMFILE. 1023 by default. (ZMQ_MAX_SOCKETS) */
  get maxSockets(): number {
    return contextCore(this).options.maxSockets
  }
  set maxSockets(value: number) {
    if (typeof value !== "number") throw new TypeError("Option value must be a number")
    if (!Number.isInteger(value) || value < 1 || value > MAX_SOCKETS) throw new ZmqError("EINVAL")
    contextCore(this).options.maxSockets = value
  }

  /** The most that `maxSockets` may be. */
  get maxSocketsLimit(): number {
    return MAX_SOCKETS
  }

  /** Whether {@link term} was called: no socket can be made in this context any more. */
  get closed(): boolean {
    return contextCore(this).terminated
  }

  /**
   * Ends the context: its sockets are closed, their pending operations reject with ETERM, and the promise resolves
   * when the linger of all is over. (zmq_ctx_term(3))
   */
  term(): Promise<void> {
    return contextCore(this).terminate()
  }

  /** The same as {@link term}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.term()
  }
}

const MAX_SOCKETS = 65_535

function checkBoolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean")
  return value
}

/** A context's inside. */
export function contextCore(context: Context): ContextCore {
  return insides.get(context) as ContextCore
}

/** The context of sockets that are given none. */
export const context: Context = new Context()

/** {@link context}, for those who have a parameter of that name. */
export function globalContext(): Context {
  return context
}

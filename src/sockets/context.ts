import { platform } from "#platform"
import { ContextCore } from "../core/context.js"
import {
  type ContextOptionValues,
  contextNumber,
  contextOptionNames,
  MAX_SOCKETS,
  setContextNumber,
  setContextOption,
} from "../core/context-options.js"

declare global {
  // For compilers that are not told of them by their own library, nor by that of Node.
  interface SymbolConstructor {
    readonly dispose: unique symbol
    readonly asyncDispose: unique symbol
  }
}

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

  /** What `maxSockets` may be with libzmq, which does not hold to it either: 65535. (ZMQ_SOCKET_LIMIT) */
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

  /** Whether an option that libzmq knows by this number is not 0. For subclasses. Throws EINVAL. */
  protected getBoolOption(option: number): boolean {
    return this.getInt32Option(option) !== 0
  }

  /** Sets an option to 1 or 0. Throws EINVAL. */
  protected setBoolOption(option: number, value: boolean): void {
    checkId(option)
    if (typeof value !== "boolean") throw new TypeError("Option value must be a boolean")
    setContextNumber(contextCore(this).options, option, Number(value))
  }

  /** Reads an option by its number in zmq.h. Throws EINVAL. (zmq_ctx_get(3)) */
  protected getInt32Option(option: number): number {
    checkId(option)
    return contextNumber(contextCore(this).options, option)
  }

  /** Sets an option by its number in zmq.h. Throws EINVAL. (zmq_ctx_set(3)) */
  protected setInt32Option(option: number, value: number): void {
    checkId(option)
    if (typeof value !== "number") throw new TypeError("Option value must be a number")
    setContextNumber(contextCore(this).options, option, value)
  }

  /** The same as {@link term}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.term()
  }
}

export interface Context extends ContextOptionValues {}

for (const name of contextOptionNames) {
  Object.defineProperty(Context.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: Context) {
      return contextCore(this).options[name]
    },
    set(this: Context, value: unknown) {
      setContextOption(contextCore(this).options, name, value)
    },
  })
}

function checkId(option: unknown): void {
  if (typeof option !== "number") throw new TypeError("Identifier must be a number")
}

/** A context that has `core` inside. */
export function contextOver(core: ContextCore): Context {
  const context = new Context()
  insides.set(context, core)
  return context
}

/** A context's inside. */
export function contextCore(context: Context): ContextCore {
  return insides.get(context) as ContextCore
}

/**
 * The context of sockets that are given none. Its inproc names reach all worker threads of the process, as with
 * zeromq.js; those of other contexts are theirs alone.
 */
export const context: Context = contextOver(new ContextCore(platform, undefined, true))

/** {@link context}, for those who have a parameter of that name. */
export function globalContext(): Context {
  return context
}

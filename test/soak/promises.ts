// Whether every promise that sockets give is settled in the end.
import * as zmq from "puremq"

type Operation = (...words: unknown[]) => Promise<unknown>

/** What an operation was called with that has not come to its end. */
export class PromiseLedger {
  made = 0
  settled = 0

  get pending(): number {
    return this.made - this.settled
  }

  /** Enters the promises of all sockets from now on. */
  watch(): void {
    for (const kind of Object.values(zmq)) {
      const prototype: unknown = typeof kind === "function" ? kind.prototype : undefined
      if (!(prototype instanceof zmq.Socket)) continue
      for (const name of ["send", "receive"]) this.#wrap(prototype, name)
    }
  }

  #wrap(prototype: zmq.Socket, name: string): void {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name) ?? {}
    if (typeof value !== "function") return
    const operation = value as Operation
    const settle = (): void => {
      this.settled++
    }
    const enter = (promise: Promise<unknown>): Promise<unknown> => {
      this.made++
      promise.then(settle, settle)
      return promise
    }
    Object.defineProperty(prototype, name, {
      value(this: zmq.Socket, ...words: unknown[]) {
        return enter(Reflect.apply(operation, this, words))
      },
    })
  }
}

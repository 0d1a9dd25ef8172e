// `context.socket(zmq.REP)`, for those who come from pyzmq. Apart from context.ts, which every socket needs.

import { ZmqError } from "../errors.js"
import { setMaker } from "./by-number.js"
import { Context } from "./context.js"
import { Dealer } from "./dealer.js"
import { Pair } from "./pair.js"
import { Publisher } from "./publisher.js"
import { Pull } from "./pull.js"
import { Push } from "./push.js"
import { Reply } from "./reply.js"
import { Request } from "./request.js"
import { Router } from "./router.js"
import type { SocketOptions } from "./socket.js"
import { Stream } from "./stream.js"
import { Subscriber } from "./subscriber.js"
import { DEALER, PAIR, PUB, PULL, PUSH, REP, REQ, ROUTER, STREAM, SUB, XPUB, XSUB } from "./types.js"
import { XPublisher } from "./xpublisher.js"
import { XSubscriber } from "./xsubscriber.js"

/** The class of each type's number. */
export interface SocketClasses {
  [PAIR]: Pair
  [PUB]: Publisher
  [SUB]: Subscriber
  [REQ]: Request
  [REP]: Reply
  [DEALER]: Dealer
  [ROUTER]: Router
  [PULL]: Pull
  [PUSH]: Push
  [XPUB]: XPublisher
  [XSUB]: XSubscriber
  [STREAM]: Stream
}

const classes: { [Type in keyof SocketClasses]: new (options: object) => SocketClasses[Type] } = {
  [PAIR]: Pair,
  [PUB]: Publisher,
  [SUB]: Subscriber,
  [REQ]: Request,
  [REP]: Reply,
  [DEALER]: Dealer,
  [ROUTER]: Router,
  [PULL]: Pull,
  [PUSH]: Push,
  [XPUB]: XPublisher,
  [XSUB]: XSubscriber,
  [STREAM]: Stream,
}

declare module "./context.js" {
  interface Context {
    /** A new socket of this context: `context.socket(zmq.REP)`. Throws EINVAL for an unknown type, ETERM, EMFILE. */
    socket<Type extends keyof SocketClasses>(
      type: Type,
      options?: Omit<SocketOptions<SocketClasses[Type]>, "context">,
    ): SocketClasses[Type]
  }
}

Object.defineProperty(Context.prototype, "socket", {
  configurable: true,
  writable: true,
  value(this: Context, type: keyof SocketClasses, options: object = {}) {
    const SocketClass = classes[type]
    if (SocketClass === undefined) throw new ZmqError("EINVAL", { message: `${type} is no socket type.` })
    return new SocketClass({ ...options, context: this })
  },
})

setMaker((type, context) => {
  const SocketClass = classes[type as keyof SocketClasses]
  if (SocketClass === undefined) throw new ZmqError("EINVAL")
  return new SocketClass({ context })
})

export { Context }

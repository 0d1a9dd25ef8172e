// What a page gets: all but plain TCP, proxies, making sockets by the number of their type, and what those need of
// security who let others in.

export { type ErrorCode, ZmqError } from "./errors.js"
// The types of values too, of which the rest are there as types alone.
export type * from "./index.js"
export { Context, type ContextOptions, context } from "./sockets/context.js"
export { Dealer } from "./sockets/dealer.js"
export { type EventSubscriber, Observer } from "./sockets/observer.js"
export { Pair } from "./sockets/pair.js"
export { type AttachedPort, attachPort } from "./sockets/ports.js"
export { Publisher } from "./sockets/publisher.js"
export { Pull } from "./sockets/pull.js"
export { Push } from "./sockets/push.js"
export { Reply } from "./sockets/reply.js"
export { Request } from "./sockets/request.js"
export { Router } from "./sockets/router.js"
export { Socket, type SocketOptions } from "./sockets/socket.js"
export { Subscriber } from "./sockets/subscriber.js"
export { DEALER, PAIR, PUB, PULL, PUSH, REP, REQ, ROUTER, STREAM, SUB, XPUB, XSUB } from "./sockets/types.js"
export { XPublisher } from "./sockets/xpublisher.js"
export { XSubscriber } from "./sockets/xsubscriber.js"

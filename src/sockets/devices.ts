// Proxies with the usual pairs of sockets (zmq_device(3)).

import type { Context } from "./context.js"
import { Dealer } from "./dealer.js"
import { type ProxyOptions, Proxy as SocketProxy } from "./proxy.js"
import type { Publisher } from "./publisher.js"
import { Pull } from "./pull.js"
import { Push } from "./push.js"
import { Router } from "./router.js"
import type { Subscriber } from "./subscriber.js"
import { XPublisher } from "./xpublisher.js"
import { XSubscriber } from "./xsubscriber.js"

/** The sockets of a device; those that are left out are made. */
export interface DeviceOptions<F, B> extends ProxyOptions {
  /** A socket of yours for the front end, where clients are; one is made without it. */
  frontEnd?: F
  /** A socket of yours for the back end, where services are; one is made without it. */
  backEnd?: B
  /** The context of the sockets that are made; the process-wide one by default. */
  context?: Context
}

/**
 * A proxy that shares out the requests of clients among workers and brings their replies back. Bind or connect its
 * ends, then let it run:
 *
 * ```
 * const device = queue()
 * await device.frontEnd.bind("tcp://127.0.0.1:5559")
 * await device.backEnd.bind("tcp://127.0.0.1:5560")
 * await device.run()
 * ```
 */
export function queue(options: DeviceOptions<Router, Dealer> = {}): SocketProxy<Router, Dealer> {
  const { frontEnd = new Router(own(options)), backEnd = new Dealer(own(options)) } = options
  return new SocketProxy(frontEnd, backEnd, options)
}

/**
 * A proxy from publishers, at its front end, to subscribers. The sockets that it makes pass the subscriptions on to the
 * publishers; a Subscriber in their place gets what it asked for itself.
 */
export function forwarder<
  F extends XSubscriber | Subscriber = XSubscriber,
  B extends XPublisher | Publisher = XPublisher,
>(options: DeviceOptions<F, B> = {}): SocketProxy<F, B> {
  const { frontEnd = new XSubscriber(own(options)) as F, backEnd = new XPublisher(own(options)) as B } =
    options
  return new SocketProxy(frontEnd, backEnd, options)
}

/** A proxy from those who hand out work, at its front end, to workers. */
export function streamer(options: DeviceOptions<Pull, Push> = {}): SocketProxy<Pull, Push> {
  const { frontEnd = new Pull(own(options)), backEnd = new Push(own(options)) } = options
  return new SocketProxy(frontEnd, backEnd, options)
}

function own({ context }: { context?: Context }): { context?: Context } {
  return context === undefined ? {} : { context }
}

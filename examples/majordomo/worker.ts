// Majordomo, what a worker needs: `serve` (RFC 7).
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"
import { DISCONNECT, HEARTBEAT, interval, patience, READY, REPLY, REQUEST, WORKER } from "./protocol.js"

/** Answers one request: its frames in, those of the reply out. */
export type Handler = (body: zmq.Message[]) => zmq.MessageLike[] | Promise<zmq.MessageLike[]>

/** Offers a service at a broker, whatever becomes of the broker, until the signal says to stop. */
export async function serve(
  address: string,
  service: string,
  handler: Handler,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await serveBroker(address, service, handler, signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
    }
    console.log(`${service}: the broker has gone or wants a new beginning`)
    await pause(interval)
  }
}

/** One conversation with a broker: resolves when that ends it, rejects with EAGAIN when it falls silent. */
async function serveBroker(
  address: string,
  service: string,
  handler: Handler,
  signal: AbortSignal,
): Promise<void> {
  // It lingers a moment, so that the broker hears the good-bye.
  using worker = new zmq.Dealer({ linger: 1000, receiveTimeout: patience })
  const tell = (...frames: zmq.MessageLike[]): Promise<void> => worker.send(["", WORKER, ...frames])
  worker.connect(address)
  await tell(READY, service)
  using _heartbeat = setInterval(() => tell(HEARTBEAT), interval)

  try {
    for (;;) {
      const [, , command, ...rest] = await worker.receive({ signal })
      if (command?.equals(DISCONNECT)) return
      if (!command?.equals(REQUEST)) continue
      const [client = "", , ...body] = rest
      await tell(REPLY, client, "", ...(await handler(body)))
    }
  } finally {
    if (signal.aborted) await tell(DISCONNECT)
  }
}

import type { Peer, XPublisher } from "../index.js"
import { TimeoutFailure } from "./exit.js"
import type { Session } from "./session.js"

/**
 * Resolves when so many peers have subscribed to something. The subscriptions that come later are read too, lest they
 * fill the socket.
 */
export async function waitForSubscribers(
  socket: XPublisher,
  count: number,
  { signal, options }: Session,
): Promise<void> {
  const { timeout } = options
  const patience = timeout === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeout)])
  const peers = new Set<Peer | undefined>()
  socket.receiveTimeout = -1
  // Of a topic that somebody asked for already nothing else would tell.
  socket.verbosity = "allSubs"
  try {
    while (peers.size < count) peers.add((await socket.receiveWithSender({ signal: patience })).sender)
  } catch (error) {
    if (patience.aborted && !signal.aborted) throw new TimeoutFailure(`${peers.size} of ${count} subscribed`)
    throw error
  }
  void drain(socket)
}

/** Ends with the socket. */
async function drain(socket: XPublisher): Promise<void> {
  for await (const _ of socket);
}

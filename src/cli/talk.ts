import type { Frame, Readable, Socket, Writable } from "../index.js"
import type { Receiver } from "./receive.js"

/** A socket that sends and receives. */
export type Talker = Socket & Writable & Readable

/**
 * Sends and receives side by side, until all that is to be received has come. How long a message is waited for counts
 * only from when all was sent: before, silence means nothing.
 */
export async function talk(
  socket: Talker,
  messages: AsyncIterable<Frame[]>,
  receiver: Receiver,
  signal: AbortSignal,
): Promise<void> {
  const { receiveTimeout } = socket
  const sent = new AbortController()
  let failure: { readonly error: unknown } | undefined
  socket.receiveTimeout = -1
  sendAll(socket, messages, signal)
    .catch((error: unknown) => {
      failure = { error }
    })
    .finally(() => sent.abort())
  try {
    await receiver.run(AbortSignal.any([signal, sent.signal]))
    return
  } catch (error) {
    if (!sent.signal.aborted || signal.aborted) throw error
  }
  if (failure !== undefined) throw failure.error
  socket.receiveTimeout = receiveTimeout
  await receiver.run(signal)
}

/** Sends message after message, as the socket has room. */
export async function sendAll(
  socket: Writable,
  messages: AsyncIterable<Frame[]>,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of messages) await socket.send(message, { signal })
}

/** Sends back whatever comes, until so many messages have. */
export async function echo(socket: Talker, count: number, signal: AbortSignal): Promise<void> {
  for (let left = count; left > 0; left--) await socket.send(await socket.receive({ signal }), { signal })
}

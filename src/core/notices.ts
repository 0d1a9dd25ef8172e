import { EMPTY } from "../bytes.js"
import type { Frame } from "../message.js"
import type { SocketType } from "../peer.js"
import { type OptionValues, optionBytes } from "./options.js"

/** What a socket's user receives, as messages of the peer, when one of its connections comes or goes. */
export interface Notices {
  readonly arrival: Frame | undefined
  /** In this order. */
  readonly departure: readonly Frame[]
}

/** Bits of `routerNotify` (zmq.h). */
const NOTIFY_CONNECT = 1
const NOTIFY_DISCONNECT = 2

/** Whether we made the connection. */
type Side = "dialled" | "accepted"

/** The notices that the options ask for; undefined when there are none. */
export function noticesFor(
  type: SocketType,
  options: Readonly<OptionValues>,
  side: Side,
  local: boolean,
): Notices | undefined {
  const notified = local ? 0 : notifiedOf(type, options)
  const departure: Frame[] = []
  if ((notified & NOTIFY_DISCONNECT) !== 0) departure.push(EMPTY)
  const last = departureText(options, side, local)
  if (last !== null && last.length > 0) departure.push(optionBytes(last))
  const arrival = (notified & NOTIFY_CONNECT) !== 0 ? EMPTY : undefined
  return arrival === undefined && departure.length === 0 ? undefined : { arrival, departure }
}

function notifiedOf(type: SocketType, { notify, raw, routerNotify }: Readonly<OptionValues>): number {
  // A raw ROUTER is a STREAM that cannot be told to be quiet.
  if (type === "STREAM" || raw) return notify ? NOTIFY_CONNECT | NOTIFY_DISCONNECT : 0
  return routerNotify
}

function departureText(
  { hiccupMessage, disconnectMessage }: Readonly<OptionValues>,
  side: Side,
  local: boolean,
): string | Frame | null {
  if (side === "accepted") return disconnectMessage
  return local ? null : hiccupMessage
}

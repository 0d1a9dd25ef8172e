// The other side of ZAP 1.0 (RFC 27): what a handler reads in a request, and what it replies. See zap.ts.

import { copyOf, EMPTY, fromText, toLatin1, toText } from "../bytes.js"
import type { Frame, Message } from "../message.js"
import { encodeProperties, type Properties } from "../wire/command.js"
import type { Status } from "./authentication.js"
import { KEY_BYTES } from "./crypto/backend.js"

const VERSION = fromText("1.0")
/** Version, id, domain, address, routing id and mechanism. */
const REQUEST_FRAMES = 6

/** A question about a peer. */
export interface ZapRequest {
  /** What leads the reply back: routing ids, and the empty frame behind them. */
  readonly envelope: Message
  readonly id: Frame
  readonly domain: string
  readonly address: string
  readonly mechanism: string
  readonly credentials: readonly Frame[]
  /** Why it cannot be answered but by status 400; undefined when it is as it should be. */
  readonly fault: string | undefined
}

/** An answer. */
export interface ZapAnswer {
  readonly status: Status
  /** Why; nobody but the server sees it. */
  readonly text: string
  readonly userId: string
  readonly properties: Properties
}

/** How many frames of credentials a mechanism has. */
const credentialFrames: ReadonlyMap<string, number> = new Map([
  ["NULL", 0],
  ["PLAIN", 2],
  ["CURVE", 1],
])

/**
 * Reads a request, as a ROUTER gets it. Undefined when there is no way to reply: without the empty frame that ends the
 * envelope, or without an id.
 */
export function readZapRequest(message: Message): ZapRequest | undefined {
  const delimiter = message.findIndex((frame) => frame.length === 0)
  const frames = message.slice(delimiter + 1)
  if (delimiter < 1 || frames.length < 2) return undefined
  const [version, id, domain, address, , mechanism, ...credentials] = frames as [Frame, Frame, ...Frame[]]
  const request = {
    envelope: message.slice(0, delimiter + 1),
    id,
    domain: textOf(domain),
    address: textOf(address),
    mechanism: textOf(mechanism),
    credentials,
  }
  return { ...request, fault: faultOf(frames.length, version, request) }
}

function faultOf(
  frames: number,
  version: Frame,
  { mechanism, credentials }: Omit<ZapRequest, "fault">,
): string | undefined {
  if (toLatin1(version) !== "1.0") return "Unknown version"
  if (frames < REQUEST_FRAMES) return "Too few frames"
  const wanted = credentialFrames.get(mechanism)
  if (wanted === undefined) return "Unknown mechanism"
  if (credentials.length !== wanted) return "Wrong number of credentials"
  if (mechanism === "CURVE" && credentials[0]?.length !== KEY_BYTES) return "Key of wrong length"
  return undefined
}

/** The reply to a request, as a ROUTER sends it. RFC 27 has a user's id and metadata with status 200 alone. */
export function encodeZapReply(
  { envelope, id }: Pick<ZapRequest, "envelope" | "id">,
  { status, text, userId, properties }: ZapAnswer,
): Message {
  const granted = status === 200
  return [
    ...envelope,
    VERSION,
    id,
    fromText(String(status)),
    fromText(text),
    fromText(granted ? userId : ""),
    granted ? copyOf(encodeProperties(properties)) : EMPTY,
  ]
}

function textOf(frame: Frame | undefined): string {
  return frame === undefined ? "" : toText(frame)
}

// ZAP 1.0 (RFC 27): what a server says to its authenticator about a peer, and what he answers.
//
//   request  "" | "1.0" | id | domain | address | routing id | mechanism | credentials, one frame each
//   reply    "" | "1.0" | id | status | text | user id | metadata

import { EMPTY, fromText, toLatin1 } from "../bytes.js"
import { ProtocolError, type ProtocolErrorCode } from "../errors.js"
import type { Frame, Message } from "../message.js"
import { decodeProperties, type Properties } from "../wire/command.js"
import type { Credentials, Status, Verdict } from "./authentication.js"

/** Where the authenticator of a context is. */
export const ZAP_ENDPOINT = "inproc://zeromq.zap.01"

const VERSION = fromText("1.0")
/** One question is open on a connection at a time, so all may have one name; libzmq's is this. */
const REQUEST_ID = fromText("1")
const REPLY_FRAMES = 7

/** What the server knows of a peer besides its credentials. */
export interface ZapContext {
  /** The server's `zapDomain`; empty where it has none. */
  readonly domain: string
  /** The peer's IP address; empty where it has none. */
  readonly address: string
  /** The routing id of the server's socket, which libzmq sends in place of the connection's. */
  readonly routingId: Frame
}

/** The request, with the empty frame that begins it. */
export function encodeZapRequest(
  { domain, address, routingId }: ZapContext,
  credentials: Credentials,
): Message {
  return [
    EMPTY,
    VERSION,
    REQUEST_ID,
    fromText(domain),
    fromText(address),
    routingId,
    fromText(credentials.mechanism),
    ...credentials.frames,
  ]
}

/** Reads the reply, with the empty frame that begins it. Throws a ProtocolError, as libzmq sees it, where it is none. */
export function decodeZapReply(reply: Message): Verdict {
  if (reply.length !== REPLY_FRAMES) throw refused("MALFORMED_REPLY")
  const [delimiter, version, id, status, , userId, metadata] = reply as [
    Frame,
    Frame,
    Frame,
    Frame,
    Frame,
    Frame,
    Frame,
  ]
  if (delimiter.length > 0) throw refused("UNSPECIFIED")
  if (toLatin1(version) !== "1.0") throw refused("BAD_VERSION")
  if (toLatin1(id) !== "1") throw refused("BAD_REQUEST_ID")
  return { status: readStatus(status), userId, properties: readMetadata(metadata) }
}

function readStatus(frame: Frame): Status {
  const status = toLatin1(frame)
  if (status !== "200" && status !== "300" && status !== "400" && status !== "500") {
    throw refused("INVALID_STATUS_CODE")
  }
  return Number(status) as Status
}

function readMetadata(frame: Frame): Properties {
  try {
    return decodeProperties(frame)
  } catch {
    throw refused("INVALID_METADATA")
  }
}

type ZapFault = ProtocolErrorCode extends infer Code
  ? Code extends `ERR_ZAP_${infer Name}`
    ? Name
    : never
  : never

/** In the words of zeromq.js. */
function refused(fault: ZapFault): ProtocolError {
  return new ProtocolError(`ERR_ZAP_${fault}`, "ZAP protocol error")
}

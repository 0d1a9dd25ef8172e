// Commands by which a peer is asked for something: a PUB for topics (RFC 37), a RADIO for groups (RFC 48). In here all of
// them are messages like subscriptions.

import type { Frame } from "../message.js"
import type { SocketType } from "../peer.js"
import { subscriptionFrame } from "../subscription.js"
import { encodeCommand } from "./command.js"

/** The names of what takes back a request and of what makes one: each at the byte that such a message begins with. */
export type RequestNames = readonly [taken: string, made: string]

const TOPICS: RequestNames = ["CANCEL", "SUBSCRIBE"]
const GROUPS: RequestNames = ["LEAVE", "JOIN"]

type Requests = { readonly [Type in SocketType]?: RequestNames }
const understood: Requests = { PUB: TOPICS, XPUB: TOPICS, RADIO: GROUPS }

/** The commands that sockets of this type send; for topics they do so where `topics` says that the peer knows them. */
export function requestNamesOf(type: SocketType, topics: boolean): RequestNames | undefined {
  if (type === "DISH") return GROUPS
  return topics && (type === "SUB" || type === "XSUB") ? TOPICS : undefined
}

/** The command, without a frame around it, that a message of one frame stands for which asks for something. */
export function encodeRequest(names: RequestNames, request: Frame): Frame {
  return encodeCommand(names[request[0] as 0 | 1], request.subarray(1))
}

/** What a command asks a socket of this type for; undefined: nothing. */
export function requestOf(type: SocketType, name: string, data: Frame): Frame | undefined {
  const what = understood[type]?.indexOf(name) ?? -1
  return what < 0 ? undefined : subscriptionFrame(what, data)
}

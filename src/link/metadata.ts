// What the two sides of a ZMTP handshake say of themselves (RFC 37, section 3.4).

import { AnnouncedPeer, keepProperties } from "../announced-peer.js"
import { copyOf, EMPTY, fromText, toLatin1 } from "../bytes.js"
import { ProtocolError } from "../errors.js"
import type { Frame } from "../message.js"
import { announcesRoutingId, isCompatible, type Peer, type SocketType } from "../peer.js"
import type { Verdict } from "../security/authentication.js"
import type { Properties } from "../wire/command.js"
import type { Hello } from "./link.js"

/** A ROUTER can name its peers with no more bytes. */
const LONGEST_ID = 255

const nameless: Map<SocketType, Properties> = new Map()

/** The properties that our READY carries: the same object for all who say the same. */
export function ownProperties(hello: Hello): Properties {
  if (hello.routingId.length > 0 || hello.metadata !== null) return describe(hello)
  let properties = nameless.get(hello.socketType)
  if (properties === undefined) nameless.set(hello.socketType, (properties = describe(hello)))
  return properties
}

function describe({ socketType, routingId, metadata }: Hello): Properties {
  const properties = new Map([["Socket-Type", fromText(socketType)]])
  if (announcesRoutingId(socketType)) properties.set("Identity", routingId)
  for (const [name, value] of Object.entries(metadata ?? {})) properties.set(name, fromText(value))
  return properties
}

/**
 * Who the peer says it is, and what our authenticator says of it; throws a ProtocolError when we cannot talk to it. A
 * peer need not say what it is, and libzmq talks to one that doesn't.
 */
export function readPeer(
  properties: Properties,
  hello: Hello,
  address: string,
  verdict: Verdict | undefined,
): Peer {
  const name = find(properties, "socket-type")
  const id = find(properties, "identity") ?? EMPTY
  const extras = keepProperties(properties, verdict && vouchedProperties(verdict))
  return checkPeer(name && toLatin1(name), id, hello, address, extras)
}

/** What our authenticator says of a peer, as libzmq names it (zmq_msg_gets(3)). */
function vouchedProperties({ userId, properties }: Verdict): Properties {
  if (userId.length === 0) return properties
  // The first of a name counts, in whatever case it is.
  const others = [...properties].filter(([name]) => name.toLowerCase() !== "user-id")
  return new Map([["User-Id", userId], ...others])
}

/** Who a peer is that says no more than its routing id, or what it is besides. Throws as {@link readPeer} does. */
export function readOldPeer(socketType: string | undefined, id: Frame, hello: Hello, address: string): Peer {
  return checkPeer(socketType, id, hello, address, undefined)
}

function checkPeer(
  socketType: string | undefined,
  id: Frame,
  hello: Hello,
  address: string,
  extras: ReadonlyMap<string, string> | undefined,
): Peer {
  if (socketType !== undefined && !isCompatible(hello.socketType, socketType)) {
    throw new ProtocolError(
      "ERR_ZMTP_INVALID_METADATA",
      `A ${hello.socketType} socket cannot talk to a ${socketType || "nameless"} one.`,
    )
  }
  // Nobody else has a use for it, so nobody else looks at it.
  if (hello.socketType === "ROUTER" && id.length > LONGEST_ID) {
    throw new ProtocolError("ERR_ZMTP_INVALID_METADATA", "A routing id has at most 255 bytes.")
  }
  // A copy: the handshake's chunk need not live as long as the peer.
  return new AnnouncedPeer(socketType ?? "", id.length === 0 ? EMPTY : copyOf(id), address, extras)
}

/** A property by its name in lower case: the case of names means nothing (RFC 37, section 3.4). */
function find(properties: Properties, lowerCaseName: string): Frame | undefined {
  for (const [name, value] of properties) if (name.toLowerCase() === lowerCaseName) return value
  return undefined
}

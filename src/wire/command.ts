// Commands of ZMTP 3.1 (RFC 37, section 3.3): a length-prefixed name, then the data. A command's body
// travels in a frame whose COMMAND flag is set.

import { allocate, EMPTY, fromText, toLatin1, toText } from "../bytes.js"
import { ProtocolError } from "../errors.js"
import type { Frame } from "../message.js"

/** A command as it was read: its data is a view on the frame. */
export interface Command {
  readonly name: string
  readonly data: Frame
}

/** Property name and value pairs of READY and INITIATE. */
export type Properties = ReadonlyMap<string, Frame>

const MAX_NAME = 255

/** A command's body. `name` is ASCII. */
export function encodeCommand(name: string, data: Uint8Array): Frame {
  const body = allocate(1 + name.length + data.length)
  body[0] = name.length
  for (let at = 0; at < name.length; at++) body[1 + at] = name.charCodeAt(at)
  body.set(data, 1 + name.length)
  return body
}

/** Splits a command's body; throws a ProtocolError when the name does not fit. */
export function decodeCommand(body: Frame): Command {
  const length = body[0]
  if (length === undefined || length === 0 || 1 + length > body.length) {
    throw new ProtocolError(
      "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED",
      "A command's name does not fit its frame.",
    )
  }
  return { name: toLatin1(body, 1, 1 + length), data: body.subarray(1 + length) as Frame }
}

/** The properties in the form that READY carries: `name-length name value-length value`, again and again. */
export function encodeProperties(properties: Properties): Uint8Array {
  let size = 0
  for (const [name, value] of properties) size += 1 + name.length + 4 + value.length
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [name, value] of properties) {
    if (name.length === 0 || name.length > MAX_NAME)
      throw new RangeError("A property name has 1 to 255 characters.")
    bytes[at++] = name.length
    for (let index = 0; index < name.length; index++) bytes[at++] = name.charCodeAt(index)
    view.setUint32(at, value.length)
    bytes.set(value, at + 4)
    at += 4 + value.length
  }
  return bytes
}

/** Reads properties; throws a ProtocolError when they do not fill `data` exactly. */
export function decodeProperties(data: Frame): Map<string, Frame> {
  const properties = new Map<string, Frame>()
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let at = 0
  while (at < data.length) {
    const nameEnd = at + 1 + (data[at] as number)
    if (nameEnd === at + 1 || nameEnd + 4 > data.length) throw malformedProperties()
    const valueEnd = nameEnd + 4 + view.getUint32(nameEnd)
    if (valueEnd > data.length) throw malformedProperties()
    properties.set(toLatin1(data, at + 1, nameEnd), data.subarray(nameEnd + 4, valueEnd) as Frame)
    at = valueEnd
  }
  return properties
}

function malformedProperties(): ProtocolError {
  return new ProtocolError("ERR_ZMTP_INVALID_METADATA", "The metadata does not fill its command exactly.")
}

/** The data of an ERROR command: one length byte, then the reason. */
export function encodeErrorReason(reason: string): Uint8Array {
  const text = fromText(reason).subarray(0, MAX_NAME)
  const data = new Uint8Array(1 + text.length)
  data[0] = text.length
  data.set(text, 1)
  return data
}

/** The reason that an ERROR command gives. */
export function decodeErrorReason(data: Frame): string {
  if (data.length === 0 || 1 + (data[0] as number) > data.length) {
    throw new ProtocolError(
      "ERR_ZMTP_MALFORMED_COMMAND_ERROR",
      "An ERROR command's reason does not fit its frame.",
    )
  }
  return toText(data.subarray(1, 1 + (data[0] as number)))
}

/** A PING: the peer's silence may last `timeToLive` tenths of a second (0: no limit); it echoes `context`. */
export function encodePing(timeToLive: number, context: Uint8Array): Frame {
  const data = new Uint8Array(2 + context.length)
  data[0] = (timeToLive >> 8) & 0xff
  data[1] = timeToLive & 0xff
  data.set(context, 2)
  return encodeCommand("PING", data)
}

/** How the commands begin that say no more than that the peer lives. */
const SIGNS: readonly Uint8Array[] = ["PING", "PONG"].map((name) => encodeCommand(name, EMPTY))

/** Whether a command says no more than that the peer lives, as far as its first bytes tell. */
export function beginsAsSign(bytes: Uint8Array): boolean {
  return SIGNS.some((sign) => sign.every((byte, at) => byte === (bytes[at] ?? byte)))
}

/** The longest context that a PING carries and a PONG echoes. */
export const MAX_PING_CONTEXT = 16

/** A PING's time to live in tenths of a second, and its context. */
export function decodePing(data: Frame): { timeToLive: number; context: Frame } {
  if (data.length < 2) {
    throw new ProtocolError("ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED", "A PING has no time to live.")
  }
  return {
    timeToLive: ((data[0] as number) << 8) | (data[1] as number),
    context: data.subarray(2, 2 + MAX_PING_CONTEXT) as Frame,
  }
}

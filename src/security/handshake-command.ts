// What PLAIN and CURVE read of a handshake command before they look at the rest of it.

import { ProtocolError, type ProtocolErrorCode } from "../errors.js"
import type { Frame } from "../message.js"
import { decodeErrorReason, decodeProperties, type Properties } from "../wire/command.js"
import { PeerRefusal } from "./mechanism.js"

export const NO_PROPERTIES: Properties = new Map()

/** Whether `body` is the command of that name; what follows the name is its own matter. */
export function isCommand(body: Uint8Array, name: string): boolean {
  if (body[0] !== name.length || body.length <= name.length) return false
  for (let at = 0; at < name.length; at++) if (body[1 + at] !== name.charCodeAt(at)) return false
  return true
}

/** The data of the command of that name; throws a ProtocolError when `body` is another. */
export function dataOf(body: Frame, name: string): Frame {
  if (!isCommand(body, name)) throw unexpected(`${name} was due.`)
  return body.subarray(1 + name.length) as Frame
}

/** A server checks that a command is one at all, as libzmq's does. */
export function checkStructure(body: Uint8Array): void {
  if (body.length > 1 && body.length > (body[0] as number)) return
  throw malformed("UNSPECIFIED", "A command's name does not fit its frame.")
}

/** Throws the peer's refusal if `body` is one. */
export function checkRefusal(body: Frame): void {
  if (isCommand(body, "ERROR")) throw new PeerRefusal(decodeErrorReason(body.subarray(6) as Frame))
}

/** The metadata that ends a command. */
export function readProperties(data: Frame): Properties {
  return data.length === 0 ? NO_PROPERTIES : decodeProperties(data)
}

export function unexpected(message: string): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNEXPECTED_COMMAND", message)
}

type Malformed<Code> = Code extends `ERR_ZMTP_MALFORMED_COMMAND_${infer Name}` ? Name : never

export function malformed(command: Malformed<ProtocolErrorCode>, message: string): ProtocolError {
  return new ProtocolError(`ERR_ZMTP_MALFORMED_COMMAND_${command}`, message)
}

/** A command came that no state of ours waits for. */
export function outOfTurn(): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNSPECIFIED", "A command came when none was due.")
}

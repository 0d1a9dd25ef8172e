// Messages in one piece of memory, framed as on a wire of ZMTP: what goes through a port between two threads.

import { allocate, viewOf } from "../bytes.js"
import { ProtocolError } from "../errors.js"
import type { Message } from "../message.js"
import type { Batch } from "./encoder.js"
import { LONG, LONG_HEADER, MORE } from "./flags.js"

/** A batch in memory of its own, which can be given away. */
export function packParcel({ chunks, bytes }: Batch): Uint8Array {
  const parcel = allocate(bytes)
  let at = 0
  for (const chunk of chunks) {
    parcel.set(chunk, at)
    at += chunk.length
  }
  return parcel
}

/** The messages of a parcel: views on it. Throws a ProtocolError where they do not fill it exactly. */
export function unpackParcel(parcel: Uint8Array): Message[] {
  const { buffer, byteOffset, length } = parcel
  const view = new DataView(buffer, byteOffset, length)
  const messages: Message[] = []
  let parts: Message = []
  let at = 0
  while (at < length) {
    const flags = parcel[at] as number
    const header = (flags & LONG) === 0 ? 2 : LONG_HEADER
    if ((flags & ~(MORE | LONG)) !== 0 || at + header > length) throw malformed()
    const size = header === 2 ? (parcel[at + 1] as number) : Number(view.getBigUint64(at + 1))
    at += header
    if (size > length - at) throw malformed()
    parts.push(viewOf(buffer, byteOffset + at, size))
    at += size
    if ((flags & MORE) !== 0) continue
    messages.push(parts)
    parts = []
  }
  if (parts.length > 0) throw malformed()
  return messages
}

function malformed(): ProtocolError {
  return new ProtocolError("ERR_ZMTP_UNSPECIFIED", "The messages do not fill their parcel exactly.")
}

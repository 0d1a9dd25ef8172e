// ZMTP as RFC 23 and RFC 37 write it, put together by hand: nothing here comes from the code under test.

export interface GreetingFields {
  readonly signature?: Buffer
  readonly major?: number
  readonly minor?: number
  readonly mechanism?: string
  readonly asServer?: number
  readonly filler?: number
}

/** `FF`, 8 bytes of padding, `7F`. */
export const signature: Buffer = Buffer.from("ff00000000000000007f", "hex")

/** The 64 bytes that open a connection. */
export function greeting(fields: GreetingFields = {}): Buffer {
  const mechanism = Buffer.alloc(20)
  mechanism.write(fields.mechanism ?? "NULL", "latin1")
  return Buffer.concat([
    fields.signature ?? signature,
    Buffer.from([fields.major ?? 3, fields.minor ?? 1]),
    mechanism,
    Buffer.from([fields.asServer ?? 0]),
    Buffer.alloc(31, fields.filler ?? 0),
  ])
}

export const MORE = 1
export const LONG = 2
export const COMMAND = 4

/** Flags, the size in one byte, or in eight when it needs them or `flags` say LONG, and the body. */
export function frame(flags: number, body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body as string, "latin1")
  const long = bytes.length > 255 || (flags & LONG) !== 0
  return Buffer.concat([
    long ? longHeader(flags, BigInt(bytes.length)) : Buffer.from([flags, bytes.length]),
    bytes,
  ])
}

/** A header that announces any 64-bit size. */
export function longHeader(flags: number, size: bigint): Buffer {
  const header = Buffer.alloc(9, flags | LONG)
  header.writeBigUInt64BE(size, 1)
  return header
}

/** A frame of ZMTP 1.0 (RFC 13): the length of flags and body in one byte or behind FF, flags, body. */
export function oldFrame(flags: number, body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body as string, "latin1")
  const length = bytes.length + 1
  if (length < 255) return Buffer.concat([Buffer.from([length, flags]), bytes])
  const header = Buffer.alloc(10, 0xff)
  header.writeBigUInt64BE(BigInt(length), 1)
  header[9] = flags
  return Buffer.concat([header, bytes])
}

/** All frames of a message; strings stand for their Latin-1 bytes. */
export function message(...frames: (Uint8Array | string)[]): Buffer {
  return Buffer.concat(frames.map((body, index) => frame(index < frames.length - 1 ? MORE : 0, body)))
}

/** A command: the length of its name, its name, its data. */
export function command(name: string, data: Uint8Array | string = ""): Buffer {
  return frame(COMMAND, Buffer.concat([Buffer.from([name.length]), latin1(name), latin1(data)]))
}

/** Names and values of metadata, one after the other. */
export function properties(...pairs: [name: string, value: Uint8Array | string][]): Buffer {
  return Buffer.concat(
    pairs.flatMap(([name, value]) => {
      const size = Buffer.alloc(4)
      size.writeUInt32BE(value.length)
      return [Buffer.from([name.length]), latin1(name), size, latin1(value)]
    }),
  )
}

/** A READY command with Socket-Type and whatever else. */
export function ready(socketType: string, ...pairs: [name: string, value: Uint8Array | string][]): Buffer {
  return command("READY", properties(["Socket-Type", socketType], ...pairs))
}

/** An ERROR command. */
export function error(reason: string): Buffer {
  return command("ERROR", Buffer.concat([Buffer.from([reason.length]), latin1(reason)]))
}

/** A PING; its time to live is in tenths of a second. */
export function ping(timeToLive: number, context: Uint8Array | string = ""): Buffer {
  const data = Buffer.alloc(2)
  data.writeUInt16BE(timeToLive)
  return command("PING", Buffer.concat([data, latin1(context)]))
}

function latin1(bytes: Uint8Array | string): Buffer {
  return Buffer.from(bytes as string, "latin1")
}

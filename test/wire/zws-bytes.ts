// WebSockets (RFC 6455) and ZWS 2.0 (RFC 45), put together by hand: nothing here comes from the code under test.
import { createHash } from "node:crypto"
import { COMMAND, command, MORE, ready } from "./zmtp-bytes.js"

export const TEXT = 1
export const BINARY = 2
export const CLOSE = 8
export const PING = 9
export const PONG = 10

/** ZWS flags. */
export const ZWS_MORE = 1
export const ZWS_COMMAND = 2

/** One packet of ZWS, which is a binary message of a WebSocket. */
export function zwsPacket(flags: number, body: Uint8Array | string): Buffer {
  return Buffer.concat([Buffer.of(flags), Buffer.from(body as string, "latin1")])
}

/** The flags of a packet that is what a frame of ZMTP with other flags is. */
export function zwsFlags(flags: number): number {
  return flags & COMMAND ? ZWS_COMMAND : flags & MORE ? ZWS_MORE : 0
}

export interface FrameFields {
  readonly opcode?: number
  /** Whether the message ends with this frame. */
  readonly final?: boolean
  /** Bits 4 to 6 of the first byte. */
  readonly reserved?: number
  readonly masked: boolean
}

/** One frame of a WebSocket. */
export function webSocketFrame(
  payload: Uint8Array | string,
  { opcode = BINARY, final = true, reserved = 0, masked }: FrameFields,
): Buffer {
  const bytes = Buffer.from(payload as string, "latin1")
  const first = (final ? 0x80 : 0) | reserved | opcode
  const bit = masked ? 0x80 : 0
  let header: Buffer
  if (bytes.length < 126) header = Buffer.from([first, bit | bytes.length])
  else if (bytes.length < 65_536) {
    header = Buffer.from([first, bit | 126, 0, 0])
    header.writeUInt16BE(bytes.length, 2)
  } else header = longFrameHeader(BigInt(bytes.length), masked)
  if (!masked) return Buffer.concat([header, bytes])
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78])
  return Buffer.concat([header, mask, bytes.map((byte, at) => byte ^ (mask[at % 4] as number))])
}

/** The header of a binary message that announces any 64-bit size. */
export function longFrameHeader(size: bigint, masked: boolean): Buffer {
  const header = Buffer.alloc(10)
  header[0] = 0x80 | BINARY
  header[1] = (masked ? 0x80 : 0) | 127
  header.writeBigUInt64BE(size, 2)
  return header
}

/** The body of a READY, without the frame that it has over ZMTP. */
export function readyBody(...fields: Parameters<typeof ready>): Buffer {
  return ready(...fields).subarray(2)
}

/** The body of a command, likewise. */
export function commandBody(...fields: Parameters<typeof command>): Buffer {
  return command(...fields).subarray(2)
}

/** What a client asks for; the headers go over those that it takes. */
export function upgradeRequest(path: string, headers: Record<string, string | undefined> = {}): string {
  const all = {
    Host: "localhost",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "ZWS2.0/NULL",
    ...headers,
  }
  return `GET ${path} HTTP/1.1\r\n${lines(all)}\r\n`
}

/** What a server answers to a request with that key. */
export function upgradeResponse(key: string, headers: Record<string, string | undefined> = {}): string {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64")
  const all = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Accept": accept,
    "Sec-WebSocket-Protocol": "ZWS2.0/NULL",
    ...headers,
  }
  return `HTTP/1.1 101 Switching Protocols\r\n${lines(all)}\r\n`
}

function lines(headers: Record<string, string | undefined>): string {
  return Object.entries(headers)
    .map(([name, value]) => (value === undefined ? "" : `${name}: ${value}\r\n`))
    .join("")
}

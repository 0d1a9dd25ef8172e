// What peers older than ZMTP 3 say.
import { frame, longHeader, MORE, message, oldFrame, signature } from "./zmtp-bytes.js"

interface Old {
  readonly name: string
  /** What a peer of the type with that number says first. */
  opening(type: number, id?: string): Buffer
  message(...frames: string[]): Buffer
  /** A header that announces so many bytes. */
  announce(size: bigint): Buffer
  /** Bytes that cannot begin a frame. */
  readonly garbage: string
}

export const PUSH = 8
export const DEALER = 5

export const version1: Old = {
  name: "1.0",
  opening: (_type, id = "") => oldFrame(0, id),
  message: (...frames) =>
    Buffer.concat(frames.map((body, at) => oldFrame(at < frames.length - 1 ? MORE : 0, body))),
  announce: (size) => {
    const header = Buffer.alloc(10, 0xff)
    header.writeBigUInt64BE(size + 1n, 1)
    header[9] = 0
    return header
  },
  garbage: "00",
}

export const version2: Old = {
  name: "2.0",
  opening: (type, id = "") => Buffer.concat([signature, Buffer.of(1, type), frame(0, id)]),
  message,
  announce: (size) => longHeader(0, size),
  garbage: "f000",
}

/** What libzmq calls revision 0: the greeting of 2.0 before frames of 1.0. */
export const between: Old = {
  ...version1,
  name: "1.0 with a greeting",
  opening: (type, id = "") => Buffer.concat([signature, Buffer.of(0, type), oldFrame(0, id)]),
}

export const olds = [version1, version2, between]
export const nothing = Buffer.alloc(0)

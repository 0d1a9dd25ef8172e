// What a peer says of itself before it has been told who asks: its greeting, and its READY where its mechanism is NULL.
// We send no READY, so that the handshake is never over and no message of the peer's goes astray.

import { decodeCommand, decodeErrorReason, decodeProperties } from "../wire/command.js"
import { COMMAND } from "../wire/flags.js"
import {
  decodeGreeting,
  decodeOldType,
  encodeGreeting,
  GREETING_SIZE,
  OLD_GREETING_SIZE,
  SIGNATURE_SIZE,
  versionOf,
} from "../wire/greeting.js"
import { sizeOfFrame } from "./formats/frame-size.js"

/** What became known of a peer. */
export interface Answer {
  /** Of ZMTP: `3.1`. */
  readonly version: string
  /** `NULL`, `PLAIN` or `CURVE`; undefined of peers that are older than mechanisms. */
  readonly mechanism?: string
  /** `ROUTER` and so on; undefined where only who is let in is told. */
  readonly socketType?: string
  /** All that its READY says. */
  readonly properties?: ReadonlyMap<string, Buffer>
}

/** What follows from something that the peer said. */
export interface Heard {
  /** The greeting is whole now: the peer has heard us, and answered. */
  readonly greeted?: boolean
  /** What to say to it. */
  readonly say?: Uint8Array
  /** All is known: there is nothing more to say. */
  readonly answer?: Answer
}

/** The signature and our version: nobody goes on before he has heard that. */
const OPENING_SIZE = SIGNATURE_SIZE + 1
const LONGEST_READY = 65_536

/** The asking side of one connection. */
export class Probe {
  private readonly greeting: Uint8Array = encodeGreeting("NULL")
  private unread: Buffer = Buffer.alloc(0)
  private greeted: Answer | undefined

  /** What is said first. */
  get opening(): Uint8Array {
    return this.greeting.subarray(0, OPENING_SIZE)
  }

  /** Takes what the peer said, and tells what follows. Throws an Error when that is no ZMTP. */
  hear(bytes: Uint8Array): Heard {
    this.unread = Buffer.concat([this.unread, bytes])
    return this.greeted === undefined ? this.readGreeting() : this.readReady(this.greeted)
  }

  private readGreeting(): Heard {
    const { unread } = this
    const version = versionOf(unread)
    if (version === undefined) return {}
    if (version === "2.0") {
      if (unread.length < OLD_GREETING_SIZE) return {}
      const socketType = decodeOldType(unread[OLD_GREETING_SIZE - 1] as number)
      return { greeted: true, answer: { version, socketType } }
    }
    if (version !== "3.x") return { greeted: true, answer: { version: "1.0" } }
    if (unread.length < GREETING_SIZE) return {}
    const { major, minor, mechanism } = decodeGreeting(unread)
    const answer = { version: `${major}.${minor}`, mechanism }
    // The READY of another mechanism only who is let in hears.
    if (mechanism !== "NULL") return { greeted: true, answer }
    this.greeted = answer
    this.unread = unread.subarray(GREETING_SIZE)
    return { greeted: true, say: this.greeting.subarray(OPENING_SIZE), ...this.readReady(answer) }
  }

  private readReady(greeted: Answer): Heard {
    const { flags, header, body } = sizeOfFrame(this.unread, 0)
    if (this.unread.length === 0) return {}
    if ((flags & COMMAND) === 0) throw new Error("the peer sent a message before its handshake was over")
    if (body > LONGEST_READY) throw new Error(`the peer sends a command of ${body} bytes`)
    if (this.unread.length < header + body) return {}
    const { name, data } = decodeCommand(this.unread.subarray(header, header + body))
    if (name === "ERROR") throw new Error(`the peer refuses: ${decodeErrorReason(data)}`)
    if (name !== "READY") throw new Error(`the peer says ${name} in place of READY`)
    const properties = decodeProperties(data)
    const type = [...properties].find(([key]) => key.toLowerCase() === "socket-type")
    const socketType = type === undefined ? {} : { socketType: type[1].toString("latin1") }
    return { answer: { ...greeted, ...socketType, properties } }
  }
}

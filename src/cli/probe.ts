// What a peer says of itself before it has been told who asks: its greeting, and its READY where its mechanism is NULL.
// We send no READY, so that the handshake is never over and no message of the peer's goes astray.

import { decodeCommand, decodeErrorReason, decodeProperties } from "../wire/command.js"
import { Decoder } from "../wire/decoder.js"
import {
  decodeGreeting,
  decodeOldType,
  encodeGreeting,
  GREETING_SIZE,
  OLD_GREETING_SIZE,
  SIGNATURE_SIZE,
  versionOf,
} from "../wire/greeting.js"

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
  /** What to say to it. */
  readonly say?: Uint8Array
  /** All is known: there is nothing more to say. */
  readonly answer?: Answer
}

/** The signature and our version: nobody goes on before he has heard that. */
const OPENING_SIZE = SIGNATURE_SIZE + 1
const FRAME_BYTES = 65_536

/** The asking side of one connection. */
export class Probe {
  private readonly greeting: Uint8Array = encodeGreeting("NULL")
  /** What came before the greeting was whole. */
  private before: Buffer = Buffer.alloc(0)
  private greeted: Answer | undefined
  private answer: Answer | undefined
  private readonly decoder: Decoder = new Decoder(
    {
      takesRuns: false,
      run: () => true,
      message: () => {
        throw new Error("the peer sent a message before its handshake was over")
      },
      command: (body) => {
        this.readCommand(body)
        return false
      },
    },
    { frameBytes: FRAME_BYTES, messageFrames: 1, messageBytes: FRAME_BYTES },
  )

  /** What is said first. */
  get opening(): Uint8Array {
    return this.greeting.subarray(0, OPENING_SIZE)
  }

  /** The peer's greeting is there: it has heard us, and answered. */
  get heard(): boolean {
    return this.greeted !== undefined || this.answer !== undefined
  }

  /** Takes what the peer said, and tells what to say then. Throws an Error when that is no ZMTP. */
  hear(bytes: Uint8Array): Heard {
    if (this.greeted !== undefined) {
      this.decoder.feed(bytes)
      return this.answer === undefined ? {} : { answer: this.answer }
    }
    this.before = Buffer.concat([this.before, bytes])
    return this.readGreeting()
  }

  private readGreeting(): Heard {
    const { before } = this
    const version = versionOf(before)
    if (version === undefined) return {}
    if (version === "2.0") {
      if (before.length < OLD_GREETING_SIZE) return {}
      return this.end({ version, socketType: decodeOldType(before[OLD_GREETING_SIZE - 1] as number) })
    }
    if (version !== "3.x") return this.end({ version: "1.0" })
    if (before.length < GREETING_SIZE) return {}
    const { major, minor, mechanism } = decodeGreeting(before)
    this.greeted = { version: `${major}.${minor}`, mechanism }
    // Of another mechanism's READY only who is let in hears.
    if (mechanism !== "NULL") return this.end(this.greeted)
    this.decoder.feed(before.subarray(GREETING_SIZE))
    const say = this.greeting.subarray(OPENING_SIZE)
    return this.answer === undefined ? { say } : { answer: this.answer }
  }

  private end(answer: Answer): Heard {
    this.answer = answer
    return { answer }
  }

  private readCommand(body: Buffer): void {
    const { name, data } = decodeCommand(body)
    if (name === "ERROR") throw new Error(`the peer refuses: ${decodeErrorReason(data)}`)
    if (name !== "READY") throw new Error(`the peer says ${name} in place of READY`)
    const properties = decodeProperties(data)
    const types = [...properties].filter(([key]) => key.toLowerCase() === "socket-type")
    this.answer = {
      ...(this.greeted as Answer),
      ...(types[0] === undefined ? {} : { socketType: types[0][1].toString("latin1") }),
      properties,
    }
  }
}

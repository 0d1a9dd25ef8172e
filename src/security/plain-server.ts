// The server of PLAIN (RFC 24): asks the authenticator about the HELLO and answers WELCOME or ERROR, then INITIATE with
// the client's metadata and READY with ours.

import { copyOf, EMPTY } from "../bytes.js"
import type { Frame } from "../message.js"
import { encodeCommand, encodeProperties, type Properties } from "../wire/command.js"
import { Admission } from "./admission.js"
import type { Verdict, Verify } from "./authentication.js"
import { checkStructure, dataOf, NO_PROPERTIES, outOfTurn, readProperties } from "./handshake-command.js"
import type { Mechanism } from "./mechanism.js"
import { decodeHello } from "./plain-client.js"

type State = "hello" | "verifying" | "initiate" | "ready" | "complete"

/** Lets in who has a name and password that the authenticator knows. */
export class PlainServer implements Mechanism {
  readonly name = "PLAIN"
  peerProperties: Properties = NO_PROPERTIES
  onProgress: (() => void) | undefined

  private readonly properties: Properties
  private readonly verify: Verify
  private readonly admission: Admission = new Admission()
  private state: State = "hello"

  constructor(properties: Properties, verify: Verify) {
    this.properties = properties
    this.verify = verify
  }

  get complete(): boolean {
    return this.state === "complete"
  }

  get verdict(): Verdict | undefined {
    return this.admission.verdict
  }

  get failure(): Error | undefined {
    return this.admission.failure
  }

  next(): Frame | undefined {
    if (this.state === "verifying") {
      if (!this.admission.granted) return this.admission.takeError()
      this.state = "initiate"
      return encodeCommand("WELCOME", EMPTY)
    }
    if (this.state === "ready") {
      this.state = "complete"
      return encodeCommand("READY", encodeProperties(this.properties))
    }
    return undefined
  }

  handle(body: Frame): void {
    if (this.state === "hello") this.readHello(body)
    else if (this.state === "initiate") this.readInitiate(body)
    else throw outOfTurn()
  }

  close(): void {
    this.admission.close()
  }

  private readHello(body: Frame): void {
    checkStructure(body)
    const { username, password } = decodeHello(body)
    this.state = "verifying"
    // The authenticator may take his time, and the frame shares its memory with what came with it.
    const credentials = { mechanism: "PLAIN", frames: [copyOf(username), copyOf(password)] } as const
    this.admission.ask(this.verify, credentials, () => this.onProgress?.())
  }

  private readInitiate(body: Frame): void {
    this.peerProperties = readProperties(dataOf(body, "INITIATE"))
    this.state = "ready"
  }
}

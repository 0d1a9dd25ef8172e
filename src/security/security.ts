import type { Properties } from "../wire/command.js"
import type { Mechanism } from "./mechanism.js"
import { NullMechanism } from "./null.js"

/** The mechanisms by their names in greetings. */
export type MechanismName = "NULL" | "PLAIN" | "CURVE"

/** How a socket's connections show who they are, and find out who their peers are. */
export interface Security {
  readonly mechanism: MechanismName
  /** The side of PLAIN and CURVE that is told names and keys, and decides. */
  readonly asServer: boolean
  /** Nobody may come in who speaks a version of ZMTP that has no mechanisms. */
  readonly guarded: boolean
  /** Our side of one handshake. `properties` are what we say of ourselves, `remote` is the peer's address. */
  createMechanism(properties: Properties, remote: string): Mechanism
}

/** Nothing is shown, and nobody is asked. */
export const openDoor: Security = {
  mechanism: "NULL",
  asServer: false,
  guarded: false,
  createMechanism: (properties) => new NullMechanism(properties),
}

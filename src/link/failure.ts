import { LimitError, ProtocolError } from "../errors.js"
import { PeerRefusal } from "../security/mechanism.js"

/** Why a connection is about to end, and whether who connected may try again. */
export interface Failure {
  readonly error: Error | undefined
  readonly retry: boolean
}

/** What a peer sent ends its connection, whatever it was that it broke. What it did wrong it would do again. */
export function failureOf(error: unknown): Failure {
  const final = error instanceof ProtocolError || error instanceof LimitError || error instanceof PeerRefusal
  return { error: error instanceof Error ? error : new Error(String(error)), retry: !final }
}

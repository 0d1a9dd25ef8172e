import type { CurveKeyPair } from "puremq"

/** The servers that a page talks to. */
export interface PageConfiguration {
  readonly puremq: string
  readonly libzmq: string | null
  readonly libzmqCurve: string | null
  /** One that lets no page in. */
  readonly closed: string
  readonly trusted: string | null
  /** One whose certificate is for another name. */
  readonly misnamed: string | null
  /** Why the browser does not know our authority, if it does not. */
  readonly untrusting: string
  readonly plain: string
  readonly curve: string
  readonly serverKey: string
  readonly friend: CurveKeyPair
  readonly stranger: CurveKeyPair
}

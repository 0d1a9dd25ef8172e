// What is said of a peer: by the rules here, or by a function of the user's.

import { fromText } from "../bytes.js"
import type { Frame } from "../message.js"
import type { Status } from "../security/authentication.js"
import { NO_PROPERTIES } from "../security/handshake-command.js"
import type { Properties } from "../wire/command.js"

/** Whom a peer is let in as. */
export interface Admittance {
  /** The user's id, in place of what the peer said: the name with PLAIN, the key with CURVE. */
  userId?: string
  /** What else is known of the user, by names of letters, digits and `-_.+`. */
  metadata?: Record<string, string>
}

/**
 * A callback's word on a peer. True or an {@link Admittance} lets it in; false, null or undefined does not, and it will
 * not try again; `"later"` does not, and it may (status 300 of RFC 27). Anything else counts as a mistake: nobody is let
 * in by it.
 */
export type AuthenticationAnswer = boolean | "later" | Admittance | null | undefined

/** A verdict, and why. */
export interface Judgement {
  readonly status: Status
  readonly reason: string
  /** Whom the peer is let in as; else who it says it is. */
  readonly userId: string
  readonly properties: Properties
  /** What a callback threw. */
  readonly error?: unknown
}

const PROPERTY_NAME = /^[A-Za-z0-9\-_.+]{1,255}$/

/** The peer is let in. */
export function granted(userId: string, properties: Properties = NO_PROPERTIES): Judgement {
  return { status: 200, reason: "OK", userId, properties }
}

/** The peer is not let in: with status 300 it may come again, with 400 it need not. */
export function denied(reason: string, userId: string, status: 300 | 400 = 400): Judgement {
  return { status, reason, userId, properties: NO_PROPERTIES }
}

/** What comes of a call of the user's; `claimed` is who the peer says it is. Whatever is thrown is status 500. */
export function ask(
  call: () => AuthenticationAnswer | PromiseLike<AuthenticationAnswer>,
  claimed: string,
): Judgement | Promise<Judgement> {
  try {
    const answer = call()
    return isThenable(answer) ? settle(answer, claimed) : judge(answer, claimed)
  } catch (error) {
    return failed(error, claimed)
  }
}

async function settle(answer: PromiseLike<AuthenticationAnswer>, claimed: string): Promise<Judgement> {
  try {
    return judge(await answer, claimed)
  } catch (error) {
    return failed(error, claimed)
  }
}

function judge(answer: unknown, claimed: string): Judgement {
  if (answer === true) return granted(claimed)
  if (answer === "later") return denied("Try again later", claimed, 300)
  if (answer === false || answer === null || answer === undefined) return denied("Not accepted", claimed)
  if (typeof answer !== "object") throw new TypeError(`An authentication answer is no ${typeof answer}`)
  const { userId = claimed, metadata = {} } = answer as Admittance
  if (typeof userId !== "string") throw new TypeError("A user's id must be a string")
  return granted(userId, toProperties(metadata))
}

function toProperties(metadata: Record<string, string>): Properties {
  const properties = new Map<string, Frame>()
  for (const [name, value] of Object.entries(metadata)) {
    if (!PROPERTY_NAME.test(name)) throw new TypeError(`Metadata cannot be called ${JSON.stringify(name)}`)
    if (typeof value !== "string") throw new TypeError("Metadata must be strings")
    properties.set(name, fromText(value))
  }
  return properties
}

function failed(error: unknown, userId: string): Judgement {
  return { status: 500, reason: "Authenticator failed", userId, properties: NO_PROPERTIES, error }
}

function isThenable(value: unknown): value is PromiseLike<AuthenticationAnswer> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function"
}

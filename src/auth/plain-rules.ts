import { fromText, toText } from "../bytes.js"
import type { Frame } from "../message.js"
import { sameKeys } from "../security/crypto/backend.js"
import type { ZapRequest } from "../security/zap-handler.js"
import { DomainRules } from "./domain-rules.js"
import { type AuthenticationAnswer, ask, denied, granted, type Judgement } from "./judgement.js"

/** What a client of PLAIN has shown. */
export interface PlainCredentials {
  /** The name that the client gave. */
  readonly username: string
  /** The password that it gave, as it came: in the clear. */
  readonly password: string
  /** The server's `zapDomain`; empty where it has none. */
  readonly domain: string
  /** The client's IP address; empty where it has none. */
  readonly address: string
}

/** Says whether a client of PLAIN is let in, at once or later. */
export type PlainCallback = (
  credentials: PlainCredentials,
) => AuthenticationAnswer | PromiseLike<AuthenticationAnswer>

/** Passwords by the names of users. */
export type PlainPasswords = Readonly<Record<string, string>> | ReadonlyMap<string, string>

type Rule = PlainCallback | ReadonlyMap<string, Uint8Array>

/** What is compared with where there is no such user, so that the time that takes is the same. */
const NO_PASSWORD = fromText("\0")

/** Who is let in by name and password. */
export class PlainRules {
  private readonly domains: DomainRules<Rule> = new DomainRules()

  configure(domain: string, rule: PlainPasswords | PlainCallback | null): void {
    if (rule === null) this.domains.set(domain, undefined)
    else this.domains.set(domain, typeof rule === "function" ? rule : toBytes(rule))
  }

  judge({ domain, address, credentials }: ZapRequest): Judgement | Promise<Judgement> {
    const [name, password] = credentials as [Frame, Frame]
    const username = toText(name)
    const rule = this.domains.find(domain)
    if (rule === undefined) return denied("No passwords for the domain", username)
    if (typeof rule === "function") {
      return ask(() => rule({ username, password: toText(password), domain, address }), username)
    }
    const expected = rule.get(username)
    const same = sameKeys(password, expected ?? NO_PASSWORD)
    if (expected === undefined) return denied("Unknown user", username)
    return same ? granted(username) : denied("Wrong password", username)
  }
}

function toBytes(passwords: PlainPasswords): ReadonlyMap<string, Uint8Array> {
  if (typeof passwords !== "object") throw new TypeError("Passwords must be an object, a Map or a function")
  const entries = passwords instanceof Map ? [...passwords] : Object.entries(passwords)
  return new Map(
    entries.map(([name, password]: [unknown, unknown]) => {
      if (typeof name !== "string" || typeof password !== "string") {
        throw new TypeError("Names and passwords must be strings")
      }
      return [name, fromText(password)]
    }),
  )
}

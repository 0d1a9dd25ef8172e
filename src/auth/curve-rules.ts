import type { Frame } from "../message.js"
import { decodeKey } from "../security/curve/keys.js"
import type { ZapRequest } from "../security/zap-handler.js"
import { encodeZ85 } from "../wire/z85.js"
import { loadCertificates } from "./certificates.js"
import { DomainRules } from "./domain-rules.js"
import { type AuthenticationAnswer, ask, denied, granted, type Judgement } from "./judgement.js"

/** In the place of a folder: whoever knows the server's public key is let in. */
export const CURVE_ALLOW_ANY = "*"

/** What a client of CURVE has proved. */
export interface CurveCredentials {
  /** The client's permanent public key, in Z85; that it has the secret one is certain. */
  readonly publicKey: string
  /** The server's `zapDomain`; empty where it has none. */
  readonly domain: string
  /** The client's IP address; empty where it has none. */
  readonly address: string
}

/** Says whether a client of CURVE is let in, at once or later. */
export type CurveCallback = (
  credentials: CurveCredentials,
) => AuthenticationAnswer | PromiseLike<AuthenticationAnswer>

type Rule = CurveCallback | typeof CURVE_ALLOW_ANY | ReadonlySet<string>

/** Who is let in by a public key. */
export class CurveRules {
  private readonly domains: DomainRules<Rule> = new DomainRules()

  configure(domain: string, clients: string | Iterable<string> | CurveCallback | null): void {
    this.domains.set(domain, clients === null ? undefined : toRule(clients))
  }

  judge({ domain, address, credentials }: ZapRequest): Judgement | Promise<Judgement> {
    const publicKey = encodeZ85(credentials[0] as Frame)
    const rule = this.domains.find(domain)
    if (rule === undefined) return denied("No keys for the domain", publicKey)
    if (typeof rule === "function") return ask(() => rule({ publicKey, domain, address }), publicKey)
    const known = rule === CURVE_ALLOW_ANY || rule.has(publicKey)
    return known ? granted(publicKey) : denied("Unknown key", publicKey)
  }
}

function toRule(clients: string | Iterable<string> | CurveCallback): Rule {
  if (clients === CURVE_ALLOW_ANY) return CURVE_ALLOW_ANY
  if (typeof clients === "function") return clients
  if (typeof clients === "string") return loadCertificates(clients)
  if (typeof (clients as { [Symbol.iterator]?: unknown })?.[Symbol.iterator] !== "function") {
    throw new TypeError("Clients must be a folder, keys or a function")
  }
  const keys = new Set<string>()
  for (const key of clients) {
    if (typeof key !== "string") throw new TypeError("Keys must be strings")
    decodeKey(key)
    keys.add(key)
  }
  return keys
}

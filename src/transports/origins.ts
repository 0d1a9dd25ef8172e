import type { AllowedOrigins } from "../bind-options.js"

/** What a browser says of the page that opens a WebSocket. */
export interface OriginOfRequest {
  /** The header `Origin`; undefined for who is no browser. */
  readonly origin: string | undefined
  /** The header `Host`: what the page calls us. */
  readonly host: string | undefined
}

/** Whether somebody may come in. */
export type Doorkeeper = (request: OriginOfRequest) => boolean

/** Without a list a page may come in where it can be `ours`: who serves no pages has none of his own. */
export function doorkeeper(allowed: AllowedOrigins | undefined, ours: boolean): Doorkeeper {
  return ({ origin, host }) => {
    if (origin === undefined) return true
    if (allowed === undefined) return ours && hostOf(origin) === host?.toLowerCase()
    if (typeof allowed !== "function") return allowed.includes("*") || allowed.includes(origin)
    return asks(allowed, origin)
  }
}

/** What goes wrong in the user's function is no reason to let somebody in. */
function asks(allowed: (origin: string) => boolean, origin: string): boolean {
  try {
    return allowed(origin) === true
  } catch {
    return false
  }
}

/** Host and port of an origin; a proxy in between may have ended TLS, so its scheme says nothing. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

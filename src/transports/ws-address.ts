// The addresses of ws:// and wss://: those of tcp, with a path behind them.

import { ZmqError } from "../errors.js"
import { type HostAndPort, parseBindAddress, parseConnectAddress } from "./tcp-address.js"
import { splitAddress } from "./transport.js"
import type { WebSocketTarget } from "./websocket-platform.js"

/** Where to listen. */
export interface LocalPlace extends HostAndPort {
  /** Part of the endpoint's name and nothing else. */
  readonly path: string
}

/** What `connect` takes; throws EINVAL. */
export function parseTarget(address: string, secure: boolean): WebSocketTarget {
  const { authority, path } = splitPath(address)
  if (authority.includes(";")) {
    throw new ZmqError("EINVAL", { address, message: "An address of ws does not say where to come from." })
  }
  const { host, port } = parseConnectAddress(authority, address).peer
  // The zone of an IPv6 address means nothing to the other side.
  const url = formatWs(secure, host.replace(/%.*/, ""), port, path)
  try {
    new URL(url)
  } catch (cause) {
    throw new ZmqError("EINVAL", { address, cause })
  }
  return { host, port, secure, url }
}

/** What `bind` takes; throws EINVAL, or ENODEV for what cannot be an interface of this machine. */
export function parseLocal(address: string): LocalPlace {
  const { authority, path } = splitPath(address)
  return { ...parseBindAddress(authority, address), path }
}

function splitPath(address: string): { authority: string; path: string } {
  const { rest } = splitAddress(address)
  const slash = rest.indexOf("/")
  if (slash < 0) return { authority: rest, path: "/" }
  const path = rest.slice(slash)
  if (!/^[!-~]+$/.test(path) || path.includes("#")) {
    throw new ZmqError("EINVAL", { address, message: `${JSON.stringify(path)} is no path of a URL.` })
  }
  return { authority: rest.slice(0, slash), path }
}

/** `ws://127.0.0.1:5555/`, `ws://[::1]:5555/path`. */
export function formatWs(secure: boolean, host: string, port: number, path: string): string {
  return `${secure ? "wss" : "ws"}://${host.includes(":") ? `[${host}]` : host}:${port}${path}`
}

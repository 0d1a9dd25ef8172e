/** What is needed of a server of `node:http` or `node:https`. */
export interface WebServer {
  readonly listening: boolean
  address(): unknown
  listenerCount(event: string): number
}

/** Which pages may open WebSockets: their origins, `"*"` for all of them, or a function that is asked for each. */
export type AllowedOrigins = readonly string[] | ((origin: string) => boolean)

/** What `bind` takes besides an address of ws or wss. */
export interface BindOptions {
  /**
   * A server of `node:http`, or for wss of `node:https`, that peers come in by, instead of one of the socket's own: at
   * the path of the address and no other. It need not listen yet. All else that it does stays as it is, so other
   * listeners of its event `upgrade` have to leave that path alone. One segment is best: of several, libzmq asks
   * for the last one. Host and port of the address may be `*`;
   * `lastEndpoint` shows those where the server listens, if it does. Unbinding and closing take the path away and
   * leave the server as it is.
   */
  readonly server?: WebServer
  /**
   * Whose pages may connect from browsers: origins such as `https://example.com`, or a function that says so for an
   * origin. A browser lets every page that its user visits connect to anything that he can reach, and says where
   * the page is from (RFC 6455, section 10.2), so by default none may but, with `server`, those of the same host and
   * port. Peers that are no browsers say nothing of an origin, and are let in always.
   */
  readonly allowedOrigins?: AllowedOrigins
}

/** Throws a TypeError for what are no options of `bind`. */
export function checkBindOptions(options: BindOptions): void {
  if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object")
  const { server, allowedOrigins, ...rest } = options
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new TypeError(`There is no option ${unknown} of bind`)
  if (server !== undefined && typeof (server as WebServer | null)?.listenerCount !== "function") {
    throw new TypeError("Server must be one of node:http or node:https")
  }
  if (allowedOrigins === undefined || typeof allowedOrigins === "function") return
  if (!Array.isArray(allowedOrigins) || allowedOrigins.some((origin) => typeof origin !== "string")) {
    throw new TypeError("Allowed origins must be an array of strings or a function")
  }
}

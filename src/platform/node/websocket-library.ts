import type http from "node:http"
import type https from "node:https"
import { dirname, join } from "node:path"
import type tls from "node:tls"
import type * as ws from "ws"

interface Libraries {
  readonly ws: typeof ws
  readonly http: typeof http
  readonly https: typeof https
  readonly tls: typeof tls
}

const LIBRARY = "ws"

let libraries: Libraries | undefined

/**
 * What WebSockets are made with. Loaded when the first ws:// address is used, for it takes some ten milliseconds; and
 * at once, so that `bindSync` can listen.
 */
export function webSocketLibraries(): Libraries {
  libraries ??= load()
  return libraries
}

function load(): Libraries {
  const require = process.getBuiltinModule("node:module").createRequire(import.meta.url)
  // Where the runtime has something of its own under this name, that is for servers and requests of its own.
  const replaced = require.resolve(LIBRARY) === LIBRARY
  const library = replaced ? join(dirname(require.resolve(`${LIBRARY}/package.json`)), "index.js") : LIBRARY
  // The library itself loads all of them.
  return {
    ws: require(library),
    http: require("node:http"),
    https: require("node:https"),
    tls: require("node:tls"),
  }
}

/** Options of the library for every WebSocket, whichever side it is on. */
export function webSocketOptions(packetBytes: number): {
  readonly perMessageDeflate: false
  readonly autoPong: false
  readonly skipUTF8Validation: true
  readonly maxPayload: number
  readonly closeTimeout: number
} {
  return {
    // libzmq does not know it.
    perMessageDeflate: false,
    // Whoever writes has to know what else is being written.
    autoPong: false,
    // Text ends the connection, whatever it is.
    skipUTF8Validation: true,
    maxPayload: Math.min(packetBytes, LARGEST_PACKET),
    closeTimeout: GOODBYE_MILLISECONDS,
  }
}

/** The library counts with 32 bits. */
const LARGEST_PACKET = 2 ** 31 - 1
/** How long a connection that we ended waits for the peer's goodbye before it is closed for good. */
const GOODBYE_MILLISECONDS = 200

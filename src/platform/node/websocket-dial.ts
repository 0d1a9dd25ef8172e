import net from "node:net"
import type { PacketHandler, PacketTerms } from "../../link/packet-conn.js"
import type { TransportSettings } from "../../transports/transport.js"
import type { WebSocketPlatform, WebSocketTarget } from "../../transports/websocket-platform.js"
import { awaitConnection } from "./connecting.js"
import { dialInTurn } from "./departures.js"
import { connectOptions } from "./streams.js"
import { WebSocketConn, wrong } from "./websocket-conn.js"
import { webSocketLibraries, webSocketOptions } from "./websocket-library.js"
import { secureSocket } from "./websocket-tls.js"

/** Connects over TCP; the opening handshake follows when the conn is started. */
export const connectWebSocket: WebSocketPlatform["connect"] = (target, terms, settings, opened, failed) => {
  // What is missing is missed here and not when the connection is up.
  webSocketLibraries()
  return dialInTurn(() => dial(target, terms, settings, opened, failed))
}

const dial: WebSocketPlatform["connect"] = (target, terms, settings, opened, failed) => {
  const { host, port } = target
  const socket = net.connect(connectOptions({ kind: "tcp", host, port, source: undefined }, settings))
  socket.unref()
  const connected = (): void => opened(new DialledWebSocket(socket, target, terms, settings))
  return awaitConnection(socket, settings.connectTimeout, connected, failed)
}

/** The client's side of the opening handshake. */
class DialledWebSocket extends WebSocketConn {
  private readonly target: WebSocketTarget
  private readonly terms: PacketTerms
  private readonly settings: TransportSettings

  constructor(socket: net.Socket, target: WebSocketTarget, terms: PacketTerms, settings: TransportSettings) {
    super(socket)
    this.target = target
    this.terms = terms
    this.settings = settings
  }

  override start(handler: PacketHandler): void {
    super.start(handler)
    if (this.target.secure) {
      this.socket = secureSocket(this.socket, this.target, this.settings)
      this.socket.on("error", (error) => this.note(error))
    }
    const { subprotocols, packetBytes } = this.terms
    const { WebSocket } = webSocketLibraries().ws
    // A subprotocol with a slash is none for the library, as for browsers; so it does not get to see any.
    const webSocket = new WebSocket(this.target.url, [], {
      ...webSocketOptions(packetBytes),
      createConnection: () => this.socket,
      headers: { "Sec-WebSocket-Protocol": subprotocols.join(",") },
    })
    let agreed = ""
    webSocket.on("upgrade", ({ headers }) => {
      agreed = headers["sec-websocket-protocol"] ?? ""
      delete headers["sec-websocket-protocol"]
      if (!subprotocols.includes(agreed)) {
        this.refuse(wrong(`The server's subprotocol is ${agreed || "missing"}.`))
      }
    })
    webSocket.on("unexpected-response", (request, { statusCode = 0 }) => {
      this.refuse(answerError(statusCode))
      request.destroy()
    })
    webSocket.on("open", () => {
      this.boundStranger(this.terms)
      handler.upgraded(agreed)
    })
    this.attach(webSocket)
  }
}

/** What the server, or one in between, answers instead. */
function answerError(status: number): Error {
  const message = `The server answered ${status} instead of opening a WebSocket.`
  // One that stands before a server which is not there, or is overloaded, says so; that may pass.
  return status >= 500 || status === 429
    ? Object.assign(new Error(message), { code: "ECONNREFUSED" })
    : wrong(message)
}

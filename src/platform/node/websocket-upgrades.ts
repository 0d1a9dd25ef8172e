import type http from "node:http"
import type net from "node:net"
import type { WebSocket, WebSocketServer } from "ws"
import { ZmqError } from "../../errors.js"
import type { PacketConn, PacketTerms } from "../../link/packet-conn.js"
import type { WebSocketServerTerms } from "../../transports/websocket-platform.js"
import { selectSubprotocol } from "../../wire/zws.js"
import { WebSocketConn, wrong } from "./websocket-conn.js"
import { webSocketLibraries, webSocketOptions } from "./websocket-library.js"

/** The server's side of opening handshakes, wherever the requests come from. */
export class Upgrades {
  private readonly terms: WebSocketServerTerms
  private readonly server: WebSocketServer
  private readonly agreed: WeakMap<http.IncomingMessage, string> = new WeakMap()
  private readonly conns: WeakMap<http.IncomingMessage, AcceptedWebSocket> = new WeakMap()

  constructor(terms: WebSocketServerTerms) {
    this.terms = terms
    const { WebSocketServer } = webSocketLibraries().ws
    this.server = new WebSocketServer({
      ...webSocketOptions(terms.packetBytes),
      noServer: true,
      clientTracking: false,
    })
    this.server.on("headers", (headers, request) => {
      headers.push(`Sec-WebSocket-Protocol: ${this.agreed.get(request)}`)
    })
    this.server.on("wsClientError", (error, _, request) => this.conns.get(request)?.turnAway(error))
  }

  /** Answers a request to upgrade the connection that it came over. */
  take(conn: AcceptedWebSocket, request: http.IncomingMessage, head: Buffer): void {
    const { origin, host } = request.headers
    if (!this.terms.admits({ origin, host })) {
      conn.turnAway(foreign(origin), "403 Forbidden")
      return
    }
    // A subprotocol with a slash is none for the library, as for browsers; so it does not get to see any.
    const offer = request.headers["sec-websocket-protocol"] ?? ""
    delete request.headers["sec-websocket-protocol"]
    const { subprotocols, webSubprotocols } = this.terms
    const subprotocol = selectSubprotocol(offer, [...subprotocols, ...webSubprotocols])
    if (subprotocol === undefined) {
      conn.turnAway(wrong(`None of the client's subprotocols is known: ${offer || "it offers none"}.`))
      return
    }
    this.agreed.set(request, subprotocol)
    this.conns.set(request, conn)
    this.server.handleUpgrade(request, request.socket, head, (webSocket) =>
      conn.upgraded(webSocket, subprotocol, this.terms),
    )
  }
}

/** A connection that somebody made to us, for a WebSocket as we hope. */
export class AcceptedWebSocket extends WebSocketConn implements PacketConn {
  constructor(socket: net.Socket) {
    super(socket)
    socket.on("close", () => {
      if (!this.attached) this.tellClosed()
    })
  }

  /** The opening handshake is over. */
  upgraded(webSocket: WebSocket, subprotocol: string, terms: PacketTerms): void {
    this.attach(webSocket)
    this.boundStranger(terms)
    this.handler?.upgraded(subprotocol)
  }

  /** Says that the request is no good, then closes. */
  turnAway(error: Error, status = "400 Bad Request"): void {
    this.note(error)
    const { socket } = this
    if (socket.writable) socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    socket.destroySoon()
  }
}

function foreign(origin: string | undefined): ZmqError {
  const message = `A page of ${origin} wants to connect, which the option allowedOrigins does not let it.`
  return new ZmqError("EACCES", { message })
}

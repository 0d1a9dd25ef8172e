import type http from "node:http"
import type net from "node:net"
import type { WebSocket, WebSocketServer } from "ws"
import type { PacketConn, PacketTerms } from "../../link/packet-conn.js"
import type { WebSocketServerPlatform } from "../../transports/websocket-platform.js"
import { selectSubprotocol } from "../../wire/zws.js"
import { attachHandle, createHandle } from "./listen.js"
import { WebSocketConn, wrong } from "./websocket-conn.js"
import { webSocketLibraries, webSocketOptions } from "./websocket-library.js"
import { serverIdentity } from "./websocket-tls.js"

/** Listens at once. Connections are told of before they have asked for anything. */
export const listenForWebSockets: WebSocketServerPlatform["listen"] = (
  place,
  terms,
  settings,
  accept,
  failed,
) => {
  const { host, port, secure } = place
  const { tcpKeepalive, tcpKeepaliveIdle } = settings
  const options = {
    noDelay: true,
    ...(tcpKeepalive >= 0 && { keepAlive: tcpKeepalive === 1 }),
    ...(tcpKeepaliveIdle > 0 && { keepAliveInitialDelay: tcpKeepaliveIdle * 1000 }),
    // How long a handshake may take is a link's business.
    headersTimeout: 0,
    requestTimeout: 0,
  }
  const { http, https } = webSocketLibraries()
  const server = secure
    ? https.createServer({
        ...options,
        ...serverIdentity(settings),
        handshakeTimeout: settings.handshakeInterval || LONGEST_TIMER,
      })
    : http.createServer(options)
  const upgrades = new Upgrades(terms)
  const conns = new WeakMap<object, AcceptedWebSocket>()
  const connOf = (socket: object): AcceptedWebSocket => conns.get(socket) as AcceptedWebSocket
  const meet = (socket: net.Socket): AcceptedWebSocket => {
    const conn = new AcceptedWebSocket(socket)
    conns.set(socket, conn)
    accept(conn)
    return conn
  }
  if (secure) {
    server.on("connection", (socket: net.Socket) => socket.unref())
    server.on("secureConnection", (socket: net.Socket) => {
      // TLS may have taken longer than we listened.
      if (server.listening) meet(socket)
      else socket.destroy()
    })
  } else server.on("connection", meet)
  server.on("upgrade", (request, socket, head) => upgrades.take(connOf(socket), request, head))
  server.on("request", ({ socket }, response) => {
    connOf(socket).note(wrong("The client asked for something else than a WebSocket."))
    response.writeHead(426, { Connection: "close", Upgrade: "websocket" }).end()
  })
  server.on("clientError", (error, socket) => {
    const conn = conns.get(socket)
    if (conn !== undefined) conn.turnAway(error)
    // TLS has failed already.
    else if (server.listening) meet(socket as net.Socket).refuse(error)
    else socket.destroy()
  })
  // A connection that could not be accepted, for want of file descriptors say, is the peer's to try again.
  server.on("error", (error) => {
    if (server.listening) failed(error)
  })
  attachHandle(server, createHandle(host, port, host.includes(":") ? 6 : 4), settings.backlog)
  const bound = server.address() as net.AddressInfo
  return {
    host: bound.address,
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        // The handle is closed at once; the callback waits for accepted connections, which are not ours to wait for.
        server.close()
        setImmediate(resolve)
      }),
  }
}

/** The most milliseconds that a timer takes: for no limit. */
const LONGEST_TIMER = 2 ** 31 - 1

/** The server's side of opening handshakes, wherever the requests come from. */
class Upgrades {
  private readonly terms: PacketTerms
  private readonly server: WebSocketServer
  private readonly agreed: WeakMap<http.IncomingMessage, string> = new WeakMap()
  private readonly conns: WeakMap<http.IncomingMessage, AcceptedWebSocket> = new WeakMap()

  constructor(terms: PacketTerms) {
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
    // A subprotocol with a slash is none for the library, as for browsers; so it does not get to see any.
    const offer = request.headers["sec-websocket-protocol"] ?? ""
    delete request.headers["sec-websocket-protocol"]
    const subprotocol = selectSubprotocol(offer, this.terms.subprotocols)
    if (subprotocol === undefined) {
      conn.turnAway(wrong(`None of the client's subprotocols is known: ${offer || "it offers none"}.`))
      return
    }
    this.agreed.set(request, subprotocol)
    this.conns.set(request, conn)
    this.server.handleUpgrade(request, request.socket, head, (webSocket) =>
      conn.upgraded(webSocket, subprotocol),
    )
  }
}

/** A connection that somebody made to us, for a WebSocket as we hope. */
class AcceptedWebSocket extends WebSocketConn implements PacketConn {
  constructor(socket: net.Socket) {
    super(socket)
    socket.on("close", () => {
      if (!this.attached) this.tellClosed()
    })
  }

  /** The opening handshake is over. */
  upgraded(webSocket: WebSocket, subprotocol: string): void {
    this.attach(webSocket)
    this.handler?.upgraded(subprotocol)
  }

  /** Says that the request is no good, then closes. */
  turnAway(error: Error): void {
    this.note(error)
    const { socket } = this
    if (socket.writable)
      socket.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    socket.destroySoon()
  }
}

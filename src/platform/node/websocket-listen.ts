import type net from "node:net"
import type { WebSocketServerPlatform } from "../../transports/websocket-platform.js"
import { attachFile, listenAtOnce } from "./listen.js"
import { wrong } from "./websocket-conn.js"
import { webSocketLibraries } from "./websocket-library.js"
import { serverIdentity } from "./websocket-tls.js"
import { AcceptedWebSocket, Upgrades } from "./websocket-upgrades.js"

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
  if (settings.useFd >= 0) attachFile(server, settings)
  else listenAtOnce(server, host, port, settings.backlog)
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

import type http from "node:http"
import type net from "node:net"
import type { WebServer } from "../../bind-options.js"
import type { WebSocketServerPlatform } from "../../transports/websocket-platform.js"
import { webSocketLibraries } from "./websocket-library.js"
import { AcceptedWebSocket, Upgrades } from "./websocket-upgrades.js"

type Take = (request: http.IncomingMessage, head: Buffer) => void

/** Takes peers in at a path of a server that is somebody else's. */
export const attachToServer: WebSocketServerPlatform["attach"] = (server, place, terms, settings, accept) => {
  checkServer(server, place.secure)
  const { tcpKeepalive, tcpKeepaliveIdle } = settings
  const upgrades = new Upgrades(terms)
  const guests = guestsOf(server as http.Server)
  guests.add(place.path, (request, head) => {
    const { socket } = request
    socket.setNoDelay(true)
    if (tcpKeepalive >= 0) socket.setKeepAlive(tcpKeepalive === 1, Math.max(tcpKeepaliveIdle, 0) * 1000)
    const conn = new AcceptedWebSocket(socket)
    accept(conn)
    upgrades.take(conn, request, head)
  })
  const bound = server.listening ? server.address() : null
  const { address: host, port } = isAddress(bound) ? bound : {}
  return { host, port, close: () => Promise.resolve(guests.remove(place.path)) }
}

function checkServer(server: WebServer, secure: boolean): void {
  const { http, tls } = webSocketLibraries()
  if (secure ? server instanceof tls.Server : server instanceof http.Server) return
  throw new Error(secure ? "A server for wss is one of node:https." : "A server for ws is one of node:http.")
}

function isAddress(bound: unknown): bound is net.AddressInfo {
  return typeof bound === "object" && bound !== null
}

const hosts: WeakMap<http.Server, Guests> = new WeakMap()

function guestsOf(server: http.Server): Guests {
  let guests = hosts.get(server)
  if (guests === undefined) hosts.set(server, (guests = new Guests(server)))
  return guests
}

/** The paths of one server that are ours: one listener for all of them, who knows which requests are nobody's. */
class Guests {
  private readonly server: http.Server
  private readonly paths: Map<string, Take> = new Map()

  constructor(server: http.Server) {
    this.server = server
  }

  add(path: string, take: Take): void {
    if (this.paths.has(path)) {
      throw Object.assign(new Error(`The server's path ${path} is bound already.`), { code: "EADDRINUSE" })
    }
    if (this.paths.size === 0) this.server.on("upgrade", this.upgrade)
    this.paths.set(path, take)
  }

  remove(path: string): void {
    this.paths.delete(path)
    if (this.paths.size === 0) this.server.off("upgrade", this.upgrade)
  }

  private readonly upgrade = (request: http.IncomingMessage, _socket: unknown, head: Buffer): void => {
    const take = this.paths.get((request.url ?? "").replace(/\?.*/, ""))
    if (take !== undefined) take(request, head)
    else if (this.server.listenerCount("upgrade") === 1) refuse(request.socket)
  }
}

/** There was nobody else who might have answered. */
function refuse(socket: net.Socket): void {
  socket.on("error", () => {})
  socket.write("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
  // Servers of HTTP let a socket half open that is only ended, and nobody reads from this one any more.
  socket.destroySoon()
}

import type net from "node:net"
import type { WebSocket } from "ws"
import { keepHere } from "../../bytes.js"
import { LimitError, ProtocolError } from "../../errors.js"
import type { PacketConn, PacketHandler, PacketTerms } from "../../link/packet-conn.js"
import { formatRemote } from "./socket-conn.js"

const BINARY = { binary: true }
const NO_PAYLOAD = Buffer.alloc(0)
/** `WebSocket.OPEN`, without the library. */
const OPEN = 1

/** Answers to pings that may wait for a peer that does not read; who wants more is left. */
const MOST_PONGS = 60

/** A WebSocket of the library `ws` as a PacketConn, and the socket under it, which is there first. */
export abstract class WebSocketConn implements PacketConn {
  readonly remote: string
  readonly pings = true
  /** Over TLS that of it, as soon as there is one. */
  protected socket: net.Socket
  protected handler: PacketHandler | undefined
  private webSocket: WebSocket | undefined
  private error: Error | undefined
  private waiting = false
  private told = false
  /** Answers to pings that have not left the process. */
  private pongs = 0
  private readonly onWritten: (error?: Error | null) => void = (error) => {
    // Node calls back without an error, too, for what a broken socket had not written.
    if (error || !this.waiting || this.socket.writableLength > 0 || this.socket.destroyed) return
    this.waiting = false
    this.handler?.written()
  }
  private readonly onPongWritten: (error?: Error | null) => void = (error) => {
    this.pongs--
    // What packets wait for may have been this, behind them.
    this.onWritten(error)
  }

  constructor(socket: net.Socket) {
    this.socket = socket
    const { remoteAddress, remotePort } = socket
    this.remote = remoteAddress === undefined ? "" : formatRemote(remoteAddress, remotePort)
    socket.unref()
    socket.on("error", (error) => this.note(error))
  }

  start(handler: PacketHandler): void {
    this.handler = handler
  }

  write(packets: readonly Uint8Array[]): boolean {
    const { socket, webSocket } = this
    // A WebSocket that is closing would swallow all that it is given.
    if (webSocket?.readyState !== OPEN || socket.destroyed) return false
    const last = packets.length - 1
    // One write for all of them: the library would make one of each.
    if (last > 0) socket.cork()
    for (let at = 0; at < last; at++) webSocket.send(packets[at] as Uint8Array, BINARY)
    webSocket.send(packets[last] as Uint8Array, BINARY, this.onWritten)
    if (last > 0) socket.uncork()
    // What the kernel took at once has been counted out.
    this.waiting = socket.writableLength > 0 || socket.destroyed || Boolean(socket.errored)
    return !this.waiting
  }

  ping(): boolean {
    if (this.waiting || this.webSocket?.readyState !== OPEN) return false
    // libzmq does not send a payload back.
    this.webSocket.ping(NO_PAYLOAD)
    return true
  }

  pause(): void {
    this.webSocket?.pause()
  }

  resume(): void {
    this.webSocket?.resume()
  }

  end(): void {
    if (this.webSocket?.readyState !== OPEN) {
      this.destroy()
      return
    }
    this.webSocket.close(1000)
    // The peer's goodbye may stand behind messages that nobody reads any more.
    this.webSocket.resume()
  }

  destroy(): void {
    if (this.webSocket === undefined) this.socket.destroy()
    else this.webSocket.terminate()
  }

  /** Ends the connection for what the peer did; the first reason counts. */
  refuse(error: Error): void {
    this.note(error)
    this.destroy()
  }

  /** Why the connection will have ended; the first reason counts. */
  note(error: Error): void {
    this.error ??= asProtocolError(error)
  }

  /** Whether the opening handshake goes by the WebSocket, which tells its end too. */
  protected get attached(): boolean {
    return this.webSocket !== undefined
  }

  /** Listens to the WebSocket from now on. */
  protected attach(webSocket: WebSocket): void {
    this.webSocket = webSocket
    webSocket.on("message", (data, isBinary) => {
      // What came in the same read as an error is not for anybody.
      if (this.error !== undefined) return
      if (isBinary) this.takePacket(data as Buffer)
      else this.refuse(wrong("A WebSocket message is text."))
    })
    webSocket.on("ping", (payload) => {
      this.pong(webSocket, payload)
      this.handler?.signOfLife()
    })
    webSocket.on("pong", () => this.handler?.signOfLife())
    webSocket.on("error", (error) => this.refuse(error))
    webSocket.on("close", () => this.tellClosed())
  }

  /** Until the peer's handshake is over it may send so much: the library gathers a whole message before it tells of any of it. */
  protected boundStranger({ handshakeBytes }: PacketTerms): void {
    const { socket } = this
    const handler = this.handler as PacketHandler
    let count = 0
    const heard = (chunk: Buffer): void => {
      count += chunk.length
      if (!handler.stranger) socket.off("data", heard)
      else if (count > handshakeBytes) {
        this.refuse(
          new LimitError("EMSGSIZE", { message: "The peer's handshake has more bytes than allowed." }),
        )
      }
    }
    // Behind the library, which may have seen the end of the handshake in it.
    socket.on("data", heard)
  }

  private pong(webSocket: WebSocket, payload: Buffer): void {
    if (webSocket.readyState !== OPEN) return
    if (this.pongs >= MOST_PONGS) {
      this.destroy()
      return
    }
    this.pongs++
    webSocket.pong(payload, undefined, this.onPongWritten)
  }

  private takePacket(packet: Buffer): void {
    // Other messages may lie beside it.
    keepHere(packet.buffer)
    ;(this.handler as PacketHandler).packet(packet)
  }

  protected tellClosed(): void {
    if (this.told) return
    this.told = true
    this.handler?.closed(this.error)
  }
}

/** A peer whose handshake or framing is not what it should be. */
export function wrong(message: string): ProtocolError {
  return new ProtocolError("ERR_WS_UNSPECIFIED", message)
}

/** Errors of the system have codes of their own; those of framing, of HTTP and of the opening handshake are the peer's. */
function asProtocolError(error: Error): Error {
  if (error instanceof ProtocolError) return error
  const { code } = error as { code?: unknown }
  return code === undefined || /^(WS_ERR|HPE)_/.test(String(code)) ? wrong(error.message) : error
}

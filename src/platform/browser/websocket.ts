import { ProtocolError } from "../../errors.js"
import type { PacketConn, PacketHandler, PacketTerms } from "../../link/packet-conn.js"
import type { WebSocketPlatform } from "../../transports/websocket-platform.js"

/** With so much not yet sent nothing is added; with half of it there is room again. */
const MOST_BUFFERED = 262_144
/** A WebSocket does not tell that it has sent something, so it is asked again and again, so often. */
const POLL_MILLISECONDS = 4
/** A WebSocket cannot be stopped from reading, so this is what a reader that is behind may cost before it is given up. */
const MOST_UNREAD = 67_108_864
/** How long a connection that we ended waits for the peer's goodbye. */
const GOODBYE_MILLISECONDS = 200

/** What is needed of the class `WebSocket` of browsers, which Node 22, Deno and Bun have as well. */
export interface BrowserWebSocket {
  binaryType: string
  readonly bufferedAmount: number
  readonly protocol: string
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onerror: (() => void) | null
  onclose: (() => void) | null
  send(data: Uint8Array): void
  close(code?: number): void
}

/** The class. */
export type BrowserWebSocketClass = new (url: string, subprotocols: string[]) => BrowserWebSocket

/**
 * The WebSockets of a browser: they connect, and nobody can connect to them. The class is asked for at each attempt, for
 * a page or its tests may put another in its place.
 */
export function browserWebSockets(classOfPage: () => BrowserWebSocketClass): WebSocketPlatform {
  return {
    connect: (target, terms, settings, opened, failed) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      let webSocket: BrowserWebSocket
      try {
        const WebSocketClass = classOfPage()
        webSocket = new WebSocketClass(target.url, [...terms.webSubprotocols])
      } catch (error) {
        // A page of https may not connect to ws, for instance.
        timer = setTimeout(() => failed(error))
        return () => clearTimeout(timer)
      }
      webSocket.binaryType = "arraybuffer"
      const settle = (): void => {
        clearTimeout(timer)
        silence(webSocket)
      }
      const fail = (code: string, message: string): void => {
        settle()
        webSocket.close()
        failed(Object.assign(new Error(message), { code }))
      }
      webSocket.onopen = () => {
        settle()
        opened(new BrowserWebSocketConn(webSocket, terms, new URL(target.url).host))
      }
      // Browsers do not tell why; and not every runtime tells of a close behind an error.
      webSocket.onclose = webSocket.onerror = () => fail("ECONNREFUSED", "The WebSocket could not be opened.")
      if (settings.connectTimeout > 0) {
        timer = setTimeout(() => fail("ETIMEDOUT", "Connecting took too long."), settings.connectTimeout)
      }
      return () => {
        settle()
        webSocket.close()
      }
    },
  }
}

/** Nothing more is wanted to know of it. */
function silence(webSocket: BrowserWebSocket): void {
  webSocket.onopen = null
  webSocket.onmessage = null
  webSocket.onclose = null
  webSocket.onerror = () => {}
}

/** A WebSocket that is open. */
class BrowserWebSocketConn implements PacketConn {
  readonly remote: string
  /** Browsers answer pings, and let nobody send any. */
  readonly pings = false
  private readonly webSocket: BrowserWebSocket
  private readonly terms: PacketTerms
  private handler!: PacketHandler
  private polling: ReturnType<typeof setTimeout> | undefined
  private goodbye: ReturnType<typeof setTimeout> | undefined
  private over = false

  constructor(webSocket: BrowserWebSocket, terms: PacketTerms, remote: string) {
    this.webSocket = webSocket
    this.terms = terms
    this.remote = remote
  }

  start(handler: PacketHandler): void {
    this.handler = handler
    const { webSocket } = this
    webSocket.onmessage = ({ data }) => this.received(data)
    webSocket.onclose = webSocket.onerror = () => this.finish(undefined)
    if (this.terms.webSubprotocols.includes(webSocket.protocol)) handler.upgraded(webSocket.protocol)
    else this.refuse(`The server's subprotocol is ${webSocket.protocol || "missing"}.`)
  }

  write(packets: readonly Uint8Array[]): boolean {
    const { webSocket } = this
    if (this.over) return false
    // What is sent is copied, or counted in bufferedAmount and dropped when the WebSocket is closing.
    for (const packet of packets) webSocket.send(packet)
    if (webSocket.bufferedAmount <= MOST_BUFFERED) return true
    this.poll()
    return false
  }

  ping(): boolean {
    return false
  }

  /** Nobody can stop a browser from reading. */
  pause(): void {}

  resume(): void {}

  end(): void {
    this.webSocket.close(1000)
    this.goodbye = setTimeout(() => this.finish(undefined), GOODBYE_MILLISECONDS)
  }

  destroy(): void {
    this.webSocket.close()
    queueMicrotask(() => this.finish(undefined))
  }

  private received(data: unknown): void {
    if (typeof data === "string") this.refuse("A WebSocket message is text.")
    else this.take(data as ArrayBuffer)
  }

  private take(data: ArrayBuffer): void {
    if (data.byteLength > this.terms.packetBytes) {
      this.refuse(`A frame of ${data.byteLength - 1} bytes is longer than allowed.`)
      return
    }
    if (this.handler.unread + data.byteLength > MOST_UNREAD) {
      this.webSocket.close()
      this.finish(new Error("More came than can be kept for who does not receive it."))
      return
    }
    this.handler.packet(new Uint8Array(data))
  }

  private poll(): void {
    this.polling = setTimeout(() => {
      if (this.webSocket.bufferedAmount > MOST_BUFFERED / 2) this.poll()
      else this.handler.written()
    }, POLL_MILLISECONDS)
  }

  private refuse(message: string): void {
    this.webSocket.close()
    this.finish(new ProtocolError("ERR_WS_UNSPECIFIED", message))
  }

  private finish(error: Error | undefined): void {
    if (this.over) return
    this.over = true
    clearTimeout(this.polling)
    clearTimeout(this.goodbye)
    silence(this.webSocket)
    this.handler.closed(error)
  }
}

import net from "node:net"
import type { Conn, ConnHandler } from "../../link/conn.js"

/** Reads land here until somebody handles the connection: a peer's greeting may come with its SYN-ACK. */
const FIRST_READ = 256
/** How long a connection that we ended waits for the peer's end before it is closed for good. */
const GOODBYE_MILLISECONDS = 200

/** A net.Socket as a Conn. It is made before its socket, which wants to know where to read to. */
export class SocketConn implements Conn {
  remote = ""
  private socket!: net.Socket
  private handler: ConnHandler | undefined
  private error: Error | undefined
  private first: Uint8Array | undefined
  private waiting = false
  private readonly onWritten: (error?: Error | null) => void = (error) => {
    // Node calls back without an error, too, for what a broken socket had not written.
    if (error || !this.waiting || this.socket.writableLength > 0 || this.socket.destroyed) return
    this.waiting = false
    this.handler?.written()
  }

  /** Memory for the next read of the socket. */
  readonly nextBuffer: () => Uint8Array = () => {
    if (this.handler !== undefined) return this.handler.space()
    this.first = Buffer.allocUnsafe(FIRST_READ)
    return this.first
  }

  /** The socket has read into the memory that {@link nextBuffer} gave. */
  readonly onRead: (count: number) => boolean = (count) => {
    const { first } = this
    if (first === undefined) return (this.handler as ConnHandler).received(count)
    this.first = undefined
    return this.receiveCopy(first.subarray(0, count))
  }

  attach(socket: net.Socket): void {
    this.socket = socket
    this.remote =
      socket.remoteAddress === undefined ? "" : formatRemote(socket.remoteAddress, socket.remotePort)
    socket.on("error", (error) => {
      this.error = error
    })
    socket.on("end", () => socket.destroy())
    socket.on("close", () => this.handler?.closed(this.error))
  }

  start(handler: ConnHandler): void {
    this.handler = handler
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const { socket } = this
    // A broken socket would swallow all that it is given until it says that it has closed.
    if (socket.destroyed) return false
    const last = chunks.length - 1
    if (last === 0) socket.write(chunks[0] as Uint8Array, this.onWritten)
    else {
      socket.cork()
      for (let at = 0; at < last; at++) socket.write(chunks[at] as Uint8Array)
      socket.write(chunks[last] as Uint8Array, this.onWritten)
      socket.uncork()
    }
    // Node has counted out what the kernel took at once, long before it calls back; so the memory is free now.
    // A socket that failed counts out what it drops; what comes after must wait for the next connection.
    this.waiting = socket.writableLength > 0 || socket.destroyed || Boolean(socket.errored)
    return !this.waiting
  }

  resume(): void {
    this.socket.resume()
  }

  end(): void {
    const { socket } = this
    socket.end()
    socket.resume()
    setTimeout(() => socket.destroy(), GOODBYE_MILLISECONDS).unref()
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Takes in bytes that were read elsewhere. */
  receiveCopy(bytes: Uint8Array): boolean {
    let more = true
    // Whoever closed the connection wants none of the rest, and has no space for it.
    for (let at = 0; at < bytes.length && !this.socket.destroyed; ) {
      // It may have been given another.
      const handler = this.handler as ConnHandler
      const space = handler.space()
      const count = Math.min(space.length, bytes.length - at)
      space.set(bytes.subarray(at, at + count))
      more = handler.received(count)
      at += count
    }
    return more
  }
}

/** The documented way to read into memory of one's own. */
export function readOptions(conn: SocketConn): { onread: net.OnReadOpts } {
  return { onread: { buffer: conn.nextBuffer as () => Buffer, callback: conn.onRead } }
}

/** Gives a connected socket to its conn. */
export function adoptSocket(conn: SocketConn, socket: net.Socket): void {
  socket.unref()
  conn.attach(socket)
}

interface SocketWithHandle {
  _handle: { readonly useUserBuffer?: unknown } | null
}

/**
 * Reads an accepted socket's data in place too. Node documents `onread` for dialled sockets alone; an accepted one
 * takes it when its handle is given to a new Socket. What is left of the first one has nothing to close. Where that
 * handle isn't to be had, or knows nothing of memory of ours, each chunk is copied.
 */
export function acceptSocket(accepted: net.Socket): SocketConn {
  const conn = new SocketConn()
  const { _handle: handle } = accepted as unknown as SocketWithHandle
  if (typeof handle?.useUserBuffer !== "function") {
    adoptSocket(conn, accepted)
    accepted.on("data", (chunk: Buffer) => {
      if (!conn.receiveCopy(chunk)) accepted.pause()
    })
    accepted.resume()
    return conn
  }
  ;(accepted as unknown as SocketWithHandle)._handle = null
  const options = { handle, ...readOptions(conn) }
  adoptSocket(conn, new net.Socket(options as unknown as net.SocketConstructorOpts))
  return conn
}

/** `127.0.0.1:5555`, `[::1]:5555`. */
export function formatRemote(address: string, port: number | undefined): string {
  const plain = address.startsWith("::ffff:") ? address.slice(7) : address
  return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`
}

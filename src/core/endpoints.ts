import type { BindOptions } from "../bind-options.js"
import { fromPlatform, ZmqError } from "../errors.js"
import type { Frame } from "../message.js"
import type { SocketType } from "../peer.js"
import type { Listener, Side, Transport } from "../transports/transport.js"
import { AcceptedConnection, type Connection } from "./connection.js"
import { Dialer } from "./dialer.js"
import { Entrance } from "./entrance.js"
import { checkKeys } from "./security.js"
import type { SocketCore } from "./socket.js"

/** Types that ignore a second connect to the same address, but for inproc (zmq_connect(3)). */
const SINGLE_CONNECT: readonly SocketType[] = ["DEALER", "SUB", "PUB", "REQ"]

/** An endpoint of ours and the connections that came through it. */
interface Binding {
  readonly listener: Listener
  readonly entrance: Entrance
}

/** Where a socket is bound and connected. */
export class Endpoints {
  /** The one that came last, with everything resolved. */
  last: string | null = null
  private readonly core: SocketCore
  private readonly dialers: Map<string, Set<Dialer>> = new Map()
  private readonly bindings: Map<string, Binding> = new Map()
  /** Binds that have not succeeded or failed yet. */
  private binding = 0
  private closing = 0

  constructor(core: SocketCore) {
    this.core = core
  }

  /** The connection; undefined where there is one already. Throws EINVAL for a routing id that a peer has already. */
  connect(address: string, routingId?: Frame): Connection | undefined {
    const transport = this.core.context.transportOf(address)
    this.checkSide(transport, address, "connect")
    transport.checkConnect(address, this.core.options)
    this.checkSocket(address, transport)
    if (routingId !== undefined) this.checkFree(routingId)
    let dialers = this.dialers.get(address)
    if (dialers === undefined) this.dialers.set(address, (dialers = new Set()))
    else if (transport.reconnects && SINGLE_CONNECT.includes(this.core.type)) return undefined
    this.last = address
    const dialer = new Dialer(this.core, address, transport, routingId)
    dialers.add(dialer)
    this.core.add(dialer)
    dialer.start()
    return dialer
  }

  disconnect(address: string): void {
    this.core.context.transportOf(address)
    const dialers = this.dialers.get(address)
    if (dialers === undefined) throw new ZmqError("ENOENT", { address })
    this.dialers.delete(address)
    for (const dialer of dialers) this.core.letGo(dialer)
  }

  bindSync(address: string, options: BindOptions = {}): void {
    const transport = this.core.context.transportOf(address)
    const entrance = this.entranceAt(address)
    try {
      this.checkSide(transport, address, "bind")
      this.checkSocket(address, transport)
      checkFor(address, options)
      const accept = this.acceptor(entrance)
      const { core } = this
      this.addBinding(transport.listenSync(address, core.hello(), core.options, accept, options), entrance)
    } catch (error) {
      throw this.bindFailed(address, error)
    }
  }

  async bind(address: string, options: BindOptions = {}): Promise<void> {
    await this.listen(address, options)
  }

  /** Binds, and resolves with the endpoint, everything resolved: `last` may be another one's by then. */
  async listen(address: string, options: BindOptions = {}): Promise<string> {
    const { keepAlive } = this.core.context
    const entrance = this.entranceAt(address)
    keepAlive.hold()
    this.binding++
    try {
      const transport = this.core.context.transportOf(address)
      this.checkSide(transport, address, "bind")
      this.checkSocket(address, transport)
      checkFor(address, options)
      const accept = this.acceptor(entrance)
      const { core } = this
      const listener = await transport.listen(address, core.hello(), core.options, accept, options)
      // A socket that was closed meanwhile has had its way too: it was bound, and is no more.
      if (this.core.closed) await listener.close()
      else this.addBinding(listener, entrance)
      return listener.address
    } catch (error) {
      throw this.bindFailed(address, error)
    } finally {
      this.binding--
      keepAlive.release()
    }
  }

  /** Stops listening; resolves when the address is free. */
  unbind(address: string): Promise<void> {
    const transport = this.core.context.transportOf(address)
    const binding = this.bindings.get(address)
    if (binding === undefined) throw new ZmqError("ENOENT", { address })
    this.bindings.delete(address)
    const closed = this.closeListener(binding.listener)
    // Within a process a connection outlives the name that it came through.
    if (transport.reconnects)
      for (const connection of binding.entrance.accepted) this.core.letGo(connection, true)
    return closed
  }

  /** Whether there are any. */
  get any(): boolean {
    return this.dialers.size > 0 || this.bindings.size > 0
  }

  /** Whether there are any, or some are about to be. */
  get anySoon(): boolean {
    return this.any || this.binding > 0
  }

  private entranceAt(address: string): Entrance {
    const notices = this.core.notices("accepted", address.startsWith("inproc://"))
    return new Entrance(address, this.core.raw, notices, this.core.options)
  }

  /** Throws ENOCOMPATPROTO where sockets of this type cannot be bound, or connected, in such a way. */
  private checkSide({ connectionless }: Transport, address: string, side: Side): void {
    const { type } = this.core
    if (connectionless === undefined ? type === "DGRAM" : connectionless[type] !== side) {
      throw new ZmqError("ENOCOMPATPROTO", { address })
    }
  }

  /** Between the sockets of one process there are no bytes, and no mechanisms; and WebSockets have bytes of their own. */
  private checkSocket(address: string, { connectionless }: Transport): void {
    // Nobody shakes hands there: what ought to be hidden, or is for some alone, would go to anybody in the clear.
    if (connectionless !== undefined && this.core.mechanism !== "NULL") {
      const message = `${this.core.mechanism} has no effect on datagrams.`
      throw new ZmqError("ENOCOMPATPROTO", { address, message })
    }
    if (this.core.raw) {
      if (/^(inproc|wss?):/.test(address)) throw new ZmqError("ENOCOMPATPROTO", { address })
    } else if (!address.startsWith("inproc://")) checkKeys(this.core.options, this.core.mechanism)
  }

  private checkFree(routingId: Frame): void {
    const isTaken = (dialer: Dialer): boolean => dialer.routingId?.equals(routingId) ?? false
    const dialled = [...this.dialers.values()].some((dialers) => [...dialers].some(isTaken))
    if (dialled || !this.core.pattern.isFree(routingId)) {
      throw new ZmqError("EINVAL", { message: "A peer has this routing id already." })
    }
  }

  private acceptor(entrance: Entrance): () => Connection {
    return () => {
      const connection = new AcceptedConnection(this.core, entrance)
      this.core.add(connection)
      return connection
    }
  }

  private addBinding(listener: Listener, entrance: Entrance): void {
    entrance.address = listener.address
    this.bindings.set(listener.address, { listener, entrance })
    this.last = listener.address
    this.core.emit({ type: "bind", address: listener.address })
  }

  private bindFailed(address: string, cause: unknown): ZmqError {
    const error = cause instanceof ZmqError ? cause : fromPlatform(cause, address, "EINVAL")
    this.core.emit({ type: "bind:error", address, error })
    return error
  }

  private async closeListener(listener: Listener): Promise<void> {
    const { address } = listener
    this.closing++
    try {
      await listener.close()
      this.core.emit({ type: "close", address })
    } catch (error) {
      this.core.emit({ type: "close:error", address, error: fromPlatform(error, address, "EINVAL") })
    }
    this.closing--
    this.core.finishIfDone()
  }

  /** The connection is over for good. */
  forget(connection: Connection): void {
    const dialers = this.dialers.get(connection.address)
    if (dialers?.delete(connection as Dialer) && dialers.size === 0) this.dialers.delete(connection.address)
  }

  /** Stops listening everywhere, and forgets whom to dial. */
  close(): void {
    for (const { listener } of this.bindings.values()) void this.closeListener(listener)
    this.bindings.clear()
    this.dialers.clear()
  }

  /** Whether some are not closed yet. */
  get busy(): boolean {
    return this.closing > 0
  }
}

/** Options are for WebSockets; elsewhere they would be without effect. */
function checkFor(address: string, options: BindOptions): void {
  if (Object.keys(options).length > 0 && !/^wss?:/.test(address)) {
    throw new ZmqError("EINVAL", { address, message: "bind() has options for ws and wss alone." })
  }
}

/**
 * A WebSocket to one peer, from before its opening handshake on: what a platform must supply for ws://. It is
 * unreferenced: it never keeps the process alive by itself.
 */
export interface PacketConn {
  /** The peer's address, `127.0.0.1:5555` for instance; empty where it is not known. */
  readonly remote: string
  /** Begins the opening handshake, or waits for the peer's. Called once. */
  start(handler: PacketHandler): void
  /**
   * Sends each packet as one binary WebSocket message. True: there is room for more, and the packets' memory is free.
   * False: the packets must not change, and nothing else may be written, until {@link PacketHandler.written}.
   */
  write(packets: readonly Uint8Array[]): boolean
  /** Whether the platform lets us send the WebSocket's own pings. */
  readonly pings: boolean
  /** Asks the peer for a sign of life by such a ping; false while a write takes its time. */
  ping(): boolean
  /** Stops reading; what was read already is told still. */
  pause(): void
  /** Reads again. */
  resume(): void
  /** Says goodbye behind what was written, then closes. */
  end(): void
  /** Closes at once; what is unwritten is lost. */
  destroy(): void
}

/** What a PacketConn tells. */
export interface PacketHandler {
  /** The opening handshake is over, with that subprotocol. */
  upgraded(subprotocol: string): void
  /** Its handshake is not over: what it may send is bounded by {@link PacketTerms.handshakeBytes}. */
  readonly stranger: boolean
  /** Bytes of packets that were told and wait, for whoever is to have them has no room. */
  readonly unread: number
  /** One whole binary message. */
  packet(packet: Uint8Array): void
  /** The peer has pinged, which is answered already, or answered a ping. */
  signOfLife(): void
  /** All that was written has left the process. */
  written(): void
  /**
   * The connection is over: for a ProtocolError where the peer's handshake or framing was wrong, for another error, or
   * in order. Told once, also after end() and destroy().
   */
  closed(error: Error | undefined): void
}

/** What a connection is to go by from its opening handshake on. */
export interface PacketTerms {
  /** The subprotocols that we can speak, the best first. */
  readonly subprotocols: readonly string[]
  /** The same by names that a browser can say. */
  readonly webSubprotocols: readonly string[]
  /** The longest packet that a peer may send; Infinity for no limit. */
  readonly packetBytes: number
  /** The most bytes that a peer may send until its handshake is over; Infinity for no limit. A page's WebSocket has none. */
  readonly handshakeBytes: number
}

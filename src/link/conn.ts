/**
 * A byte stream to one peer: the only thing that a platform must supply. It is unreferenced: it never keeps
 * the process alive by itself.
 */
export interface Conn {
  /** The peer's address in the transport's own form, `127.0.0.1:5555` for instance; empty where it has none. */
  readonly remote: string
  /**
   * Begins to read; called again, goes on with another handler, which may happen from within
   * {@link ConnHandler.received}: then it is asked for the next space, and told all that follows.
   */
  start(handler: ConnHandler): void
  /**
   * Writes the chunks in order. True: the bytes have left the process and their memory is free. False: the
   * chunks must not change, and nothing else may be written, until {@link ConnHandler.written}.
   */
  write(chunks: readonly Uint8Array[]): boolean
  /** Reads again after {@link ConnHandler.received} returned false. */
  resume(): void
  /** Sends the end of the stream behind what was written, then closes. */
  end(): void
  /** Closes at once; what is unwritten is lost. */
  destroy(): void
}

/** What a Conn tells. */
export interface ConnHandler {
  /** Where the next bytes shall be put; asked for again after each {@link received}. */
  space(): Uint8Array
  /** So many bytes were put there. False: stop reading. */
  received(count: number): boolean
  /** All that was written has left the process. */
  written(): void
  /** The stream has ended, for `error` or in order; told once, also after end() and destroy(). */
  closed(error: Error | undefined): void
}

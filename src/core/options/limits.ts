// What peers may make a socket spend: limits of our own, which libzmq does not have.

/** How much a peer, or all peers of an endpoint, may ask for. */
export const limitOptions = {
  /**
   * Bytes that all commands of a peer's handshake may have together; 0: any number, as far as `maxMessageSize` allows.
   * A peer that sends more, or announces it, is disconnected (`handshake:error:other` with EMSGSIZE). 262144 by default.
   */
  maxHandshakeSize: { kind: "int", default: 262_144, min: 0, on: "all", effect: "next" },
  /**
   * Frames that a message from a peer may have; 0: any number. A peer that sends more is disconnected, which
   * `disconnect` tells with the reason EMSGSIZE. 65536 by default.
   */
  maxMessageFrames: { kind: "int", default: 65_536, min: 0, on: "all", effect: "next" },
  /**
   * Bytes that all frames of a message from a peer may have together; 0: any number. A peer that sends more, or
   * announces it, is disconnected, which `disconnect` tells with the reason EMSGSIZE. 0 by default, as
   * `maxMessageSize` has no limit either.
   */
  maxMultipartSize: {
    kind: "int",
    default: 0,
    min: 0,
    max: 9007199254740991,
    on: "all",
    effect: "next",
  },
} as const

// What peers may make a socket spend: limits of our own, which libzmq does not have.

/** How much a peer, or all peers of an endpoint, may ask for. */
export const limitOptions = {
  /**
   * Connections that one bound endpoint keeps at a time, their handshakes over or not; 0: any number. At the limit a
   * newcomer takes the place of the oldest handshake that is not over (`handshake:error:other` with ENOBUFS); where all
   * are over it is hung up on (`accept:error` with EMFILE). 65536 by default.
   */
  maxConnections: { kind: "int", default: 65_536, min: 0, on: "all", effect: "next" },
  /**
   * Handshakes that may be under way at a time at one bound endpoint; 0: any number. Beyond it the oldest is given up
   * (`handshake:error:other` with ENOBUFS), for an honest peer is done soon. As many accepted connections may wait to
   * begin theirs; beyond it the one that waits longest is hung up on (`accept:error` with ENOBUFS). 4096 by default.
   */
  maxHandshakes: { kind: "int", default: 4096, min: 0, on: "all", effect: "next" },
  /**
   * Bytes that all commands of a peer's handshake may have together; 0: any number. With NULL `maxMessageSize` counts
   * for each besides. A peer that sends more, or announces it, is disconnected (`handshake:error:other` with EMSGSIZE). 262144 by default.
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
  /**
   * Topics that a peer may be subscribed to at a time, or groups that it may be in; 0: any number. A peer of another
   * process that asks for more is disconnected, which `disconnect` tells with the reason ENOBUFS. 250000 by default.
   */
  maxSubscriptions: { kind: "int", default: 250_000, min: 0, on: ["PUB", "XPUB", "RADIO"], effect: "now" },
  /**
   * Bytes that all topics, or groups, of a peer may have together; 0: any number. A peer of another process that asks
   * for more is disconnected, which `disconnect` tells with the reason ENOBUFS. 67108864 by default.
   */
  maxTopicsSize: { kind: "int", default: 67_108_864, min: 0, on: ["PUB", "XPUB", "RADIO"], effect: "now" },
} as const

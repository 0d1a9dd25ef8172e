// Options of every socket, or of all that send or receive.

/** The lifetimes of sockets and connections, queues and limits. */
export const generalOptions = {
  /**
   * Milliseconds that messages which were accepted are still tried to be sent for after `close()`; -1: until
   * they are, 0: not at all. -1 by default, 0 for subscribers and DISH. (ZMQ_LINGER)
   */
  linger: { id: 17, kind: "int", default: -1, min: -1, on: "all", effect: "now" },
  /**
   * Messages that may wait for each peer; 0: any number. At the mark sending waits or drops, as the socket's
   * pattern has it. 1000 by default. (ZMQ_SNDHWM)
   */
  sendHighWaterMark: { id: 23, kind: "int", default: 1000, min: 0, on: "writers", effect: "now" },
  /**
   * Messages from each peer that may wait to be received; 0: any number. At the mark the peer has to wait.
   * 1000 by default. (ZMQ_RCVHWM)
   */
  receiveHighWaterMark: { id: 24, kind: "int", default: 1000, min: 0, on: "readers", effect: "now" },
  /**
   * Milliseconds that `send()` waits for room before it rejects with EAGAIN; -1: any time, 0: not at all. -1 by
   * default. (ZMQ_SNDTIMEO)
   */
  sendTimeout: { id: 28, kind: "int", default: -1, min: -1, on: "writers", effect: "now" },
  /**
   * Milliseconds that `receive()` waits for a message before it rejects with EAGAIN; -1: any time, 0: not at
   * all. -1 by default. (ZMQ_RCVTIMEO)
   */
  receiveTimeout: { id: 27, kind: "int", default: -1, min: -1, on: "readers", effect: "now" },
  /**
   * Queue messages only for peers that are connected: sending waits until one is, and what was queued for a
   * peer is lost with its connection. False by default. (ZMQ_IMMEDIATE)
   */
  immediate: { id: 39, kind: "bool", default: false, on: "all", effect: "next" },
  /**
   * Milliseconds before a lost connection is tried again, the first time; 0 or -1: never. 100 by default.
   * (ZMQ_RECONNECT_IVL)
   */
  reconnectInterval: { id: 18, kind: "int", default: 100, min: -1, on: "all", effect: "next" },
  /**
   * Milliseconds that the pauses between attempts may grow to, doubling each time; 0: they do not grow but vary
   * at random between one and two intervals. 0 by default. (ZMQ_RECONNECT_IVL_MAX)
   */
  reconnectMaxInterval: { id: 21, kind: "int", default: 0, min: 0, on: "all", effect: "next" },
  /**
   * When a connection is not tried again, as a sum: 1 when the address refuses TCP connections, 2 when the handshake
   * failed, 4 when it failed or was lost after `disconnect()` while messages lingered. Then the address is forgotten
   * as after `disconnect()`, and what was queued for it is lost. 0 by default. (ZMQ_RECONNECT_STOP, draft)
   */
  reconnectStop: { id: 109, kind: "int", default: 0, min: 0, max: 7, on: "all", effect: "next" },
  /**
   * Milliseconds that a peer may take for its handshake; 0: any time. 30000 by default. (ZMQ_HANDSHAKE_IVL)
   */
  handshakeInterval: { id: 66, kind: "int", default: 30_000, min: 0, on: "all", effect: "next" },
  /**
   * Milliseconds between the PINGs that ask a peer for a sign of life; 0: none are sent. 0 by default. A PING of a
   * peer is answered in any case. Over ws and wss they are the WebSocket's own. A browser answers those but can't send
   * any: there PINGs are commands, as over tcp, which puremq answers. libzmq does not over ws, and the silence of a peer
   * that has never answered one means nothing. (ZMQ_HEARTBEAT_IVL)
   */
  heartbeatInterval: { id: 75, kind: "int", default: 0, min: 0, on: "all", effect: "next" },
  /**
   * Milliseconds after which the peer shall give this side up when it hears nothing more, in steps of 100; 0: it
   * goes by its own options. Other values are rounded down. Told in each PING, but over ws only by browsers. 0 by
   * default. (ZMQ_HEARTBEAT_TTL)
   */
  heartbeatTimeToLive: {
    id: 76,
    kind: "int",
    default: 0,
    min: 0,
    max: 6_553_599,
    step: 100,
    on: "all",
    effect: "next",
  },
  /**
   * Milliseconds of silence after a PING before the connection counts as lost, and is made again by who made it; -1:
   * `heartbeatInterval`; 0: any time. Whatever the peer sends is a sign of life; while this side does not read, at
   * `receiveHighWaterMark`, its silence does not count. -1 by default. (ZMQ_HEARTBEAT_TIMEOUT)
   */
  heartbeatTimeout: { id: 77, kind: "int", default: -1, min: -1, on: "all", effect: "next" },
  /**
   * Bytes that a frame from a peer may have; -1: any number, but 2147483646 over ws. A peer that sends more, or
   * announces it, is disconnected, which `disconnect` tells with the reason EMSGSIZE. -1 by default. (ZMQ_MAXMSGSIZE)
   */
  maxMessageSize: {
    id: 22,
    kind: "int",
    default: -1,
    min: -1,
    max: 0x7ffffffffffffc00,
    on: "all",
    effect: "next",
  },
  /**
   * Properties that peers are told in the handshake besides the usual ones: names that begin with `X-`, with
   * their values; null: none. A message's `sender` shows those of its peer. Null by default. (ZMQ_METADATA, draft)
   */
  metadata: { id: 95, kind: "properties", default: null, on: "all", effect: "next" },
} as const

// Options of single patterns.

/** What socket types add to their rules. */
export const patternOptions = {
  /**
   * The name that a ROUTER peer knows this socket by: 1 to 255 bytes that do not begin with a zero; null: the
   * ROUTER gives one. Null by default. (ZMQ_ROUTING_ID)
   */
  routingId: { id: 5, kind: "id", default: null, on: ["REQ", "REP", "DEALER", "ROUTER"], effect: "next" },
  /**
   * Refuse messages to unknown peers with EHOSTUNREACH, and wait when the peer is at its high-water mark,
   * instead of dropping them. False by default. (ZMQ_ROUTER_MANDATORY)
   */
  mandatory: { id: 33, kind: "bool", default: false, on: ["ROUTER"], effect: "now" },
  /**
   * A peer that comes with a routing id in use takes it over, and its holder is disconnected; else the
   * newcomer is ignored. False by default. (ZMQ_ROUTER_HANDOVER)
   */
  handover: { id: 56, kind: "bool", default: false, on: ["ROUTER"], effect: "now" },
  /**
   * Tell of peers that come and go by messages of a routing id and an empty frame, as a sum: 1 when one comes, 2
   * when one goes. Not of peers of this process (inproc), nor of handshakes that fail. 0 by default.
   * (ZMQ_ROUTER_NOTIFY, draft)
   */
  routerNotify: { id: 97, kind: "int", default: 0, min: 0, max: 3, on: ["ROUTER"], effect: "next" },
  /**
   * Talk to plain TCP peers, who know nothing of ZMTP: what they send comes behind a routing id, and what is sent
   * behind it goes to them as it is; an empty frame tells that one came or went, and sending one ends the connection.
   * False by default. (ZMQ_ROUTER_RAW)
   */
  raw: { id: 41, kind: "bool", default: false, on: ["ROUTER"], effect: "next" },
  /** Send each new peer an empty message, so that a ROUTER knows of us. False by default. (ZMQ_PROBE_ROUTER) */
  probeRouter: { id: 51, kind: "bool", default: false, on: ["REQ", "DEALER", "ROUTER"], effect: "now" },
  /**
   * Put a number of four bytes before each request, each time one more, and drop replies that do not carry it. The
   * peer must give it back, as REP does. False by default. (ZMQ_REQ_CORRELATE)
   */
  correlate: { id: 52, kind: "bool", default: false, on: ["REQ"], effect: "now" },
  /**
   * Send another request before the reply to the last has come, which is then given up. Wants `correlate`, else
   * late replies are taken for the new one's. False by default. (ZMQ_REQ_RELAXED)
   */
  relaxed: { id: 53, kind: "bool", default: false, on: ["REQ"], effect: "now" },
  /**
   * Keep only the last message each way, whatever its topic; high-water marks have no effect. False by default.
   * (ZMQ_CONFLATE)
   */
  conflate: {
    id: 54,
    kind: "bool",
    default: false,
    on: ["DEALER", "PUSH", "PULL", "PUB", "SUB", "SCATTER", "GATHER"],
    effect: "next",
  },
  /**
   * Let `send` wait, or fail with EAGAIN after `sendTimeout`, while one of a message's subscribers is at its
   * high-water mark, instead of dropping what he has no room for; nobody gets the message before all can. False by
   * default. (ZMQ_XPUB_NODROP)
   */
  noDrop: { id: 69, kind: "bool", default: false, on: ["PUB", "XPUB", "RADIO"], effect: "now" },
  /**
   * Send to those whose topics do *not* match, and receive what does not match; both sides have to set it. Who asked
   * for nothing gets everything. False by default. (ZMQ_INVERT_MATCHING)
   */
  invertMatching: { id: 74, kind: "bool", default: false, on: ["PUB", "XPUB", "SUB"], effect: "now" },
  /**
   * Which subscriptions are received: null the first and the last of each topic, `"allSubs"` every one and the
   * last cancellation, `"allSubsUnsubs"` every one and every cancellation. Null by default. (ZMQ_XPUB_VERBOSE,
   * ZMQ_XPUB_VERBOSER)
   */
  verbosity: {
    id: 40,
    kind: "choice",
    choices: ["allSubs", "allSubsUnsubs"],
    default: null,
    on: ["XPUB"],
    effect: "now",
  },
  /**
   * Nobody is subscribed by his wish alone: every subscription and cancellation is received, whatever `verbosity`
   * says, and `subscribe()` and `unsubscribe()` of XPublisher act for the peer whose one was received last. Who leaves
   * is cancelled, and each topic that he had asked for is received as a cancellation. False by default.
   * (ZMQ_XPUB_MANUAL)
   */
  manual: { id: 71, kind: "bool", default: false, on: ["XPUB"], effect: "now" },
  /**
   * As `manual`, and what is sent next after a subscription was received goes to that subscriber alone, if it matches
   * what he was given, else to nobody: the last value of a cache. False by default. (ZMQ_XPUB_MANUAL_LAST_VALUE, draft)
   */
  manualLastValue: { id: 98, kind: "bool", default: false, on: ["XPUB"], effect: "now" },
  /**
   * What each new peer is sent first, whatever he asked for; a Subscriber drops it unless it matches one of his topics.
   * Null or empty: nothing. It counts for peers that come later; one that is connected to is greeted once, however
   * often the connection is made. Null by default. (ZMQ_XPUB_WELCOME_MSG)
   */
  welcomeMessage: { id: 72, kind: "bytes", default: null, on: ["PUB", "XPUB"], effect: "now" },
  /**
   * Take a message whose first frame is no subscription as it is: frames behind it that begin with 0 or 1 are
   * content. Else each frame of a message may be a subscription. Both sides have to set it. False by default.
   * (ZMQ_ONLY_FIRST_SUBSCRIBE, draft)
   */
  onlyFirstSubscribe: { id: 108, kind: "bool", default: false, on: ["XPUB", "XSUB"], effect: "now" },
  /**
   * Tell publishers of every cancellation, also of what was not asked for, and not only of a topic's last. False by
   * default. (ZMQ_XSUB_VERBOSE_UNSUBSCRIBE, draft)
   */
  verboseUnsubscribe: { id: 115, kind: "bool", default: false, on: ["XSUB"], effect: "now" },
  /** Tell of connections that come and go by messages without content. True by default. (ZMQ_STREAM_NOTIFY) */
  notify: { id: 73, kind: "bool", default: true, on: ["STREAM"], effect: "next" },
  /** What each new connection is sent first; null: nothing. Null by default. (ZMQ_HELLO_MSG, draft) */
  helloMessage: {
    id: 110,
    kind: "bytes",
    default: null,
    on: ["DEALER", "ROUTER", "CLIENT", "SERVER", "PEER"],
    effect: "next",
  },
  /**
   * What is received, as from him, when a peer that came to us goes; null: nothing. Null by default.
   * (ZMQ_DISCONNECT_MSG, draft)
   */
  disconnectMessage: {
    id: 111,
    kind: "bytes",
    default: null,
    on: ["ROUTER", "SERVER", "PEER"],
    effect: "next",
  },
  /**
   * What is received when a connection that we made is lost, but for inproc; null: nothing. Null by default.
   * (ZMQ_HICCUP_MSG, draft)
   */
  hiccupMessage: { id: 114, kind: "bytes", default: null, on: ["DEALER", "CLIENT", "PEER"], effect: "next" },
} as const

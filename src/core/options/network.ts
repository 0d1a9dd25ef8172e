// Options of connections over TCP and its relatives.

/** How listening and connecting go about it. */
export const networkOptions = {
  /** Resolve names to, and listen on, IPv6 addresses too. False by default. (ZMQ_IPV6) */
  ipv6: { id: 42, kind: "bool", default: false, on: "all", effect: "next" },
  /** Connections that may wait to be accepted. 100 by default. (ZMQ_BACKLOG) */
  backlog: { id: 19, kind: "int", default: 100, min: 0, on: "all", effect: "next" },
  /**
   * The number of a file that listens already, which is taken over instead of binding anew: from whoever started the
   * process, systemd for instance. The address tells the transport: tcp, ipc, ws or wss; `lastEndpoint` the port. -1:
   * none. -1 by default. (ZMQ_USE_FD)
   */
  useFd: { id: 89, kind: "int", default: -1, min: -1, on: "all", effect: "next" },
  /**
   * Milliseconds that connecting over tcp, ws and wss may take; 0: as long as the system tries. 0 by default.
   * (ZMQ_CONNECT_TIMEOUT)
   */
  connectTimeout: { id: 79, kind: "int", default: 0, min: 0, on: "all", effect: "next" },
  /** TCP's keep-alive probes: -1 the system's default, 0 off, 1 on. -1 by default. (ZMQ_TCP_KEEPALIVE) */
  tcpKeepalive: { id: 34, kind: "int", default: -1, min: -1, max: 1, on: "all", effect: "next" },
  /** Seconds of silence before the first probe; -1: the system's default. -1 by default. (ZMQ_TCP_KEEPALIVE_IDLE) */
  tcpKeepaliveIdle: { id: 36, kind: "int", default: -1, min: -1, on: "all", effect: "next" },
  /**
   * Who may come in over TCP: IPv4 and IPv6 addresses, with or without the bits of a mask, such as `127.0.0.0/8`. Each
   * value that is set adds one, or several with commas between; null takes all away, and then anybody may. Reads as
   * the values with commas between. Who may not is hung up on, which the event `accept:error` tells. For tcp alone, as
   * with libzmq: over ws anybody may come in. Null by default. (ZMQ_TCP_ACCEPT_FILTER)
   */
  tcpAcceptFilter: {
    id: 38,
    kind: "text",
    default: null,
    max: 255,
    form: "acceptFilter",
    on: "all",
    effect: "next",
  },
  /**
   * A SOCKS5 proxy (RFC 1928), `host:port`, that connections of tcp go through, but not of ws; it resolves host names.
   * What goes wrong with it is an attempt that failed, and is tried again; `connect()` throws EINVAL for what is no host
   * and port. Null: none. Null by default. (ZMQ_SOCKS_PROXY)
   */
  socksProxy: { id: 68, kind: "text", default: null, on: "all", effect: "next" },
  /**
   * The user's name at the SOCKS5 proxy (RFC 1929), up to 255 bytes; null: none is told. Null by default.
   * (ZMQ_SOCKS_USERNAME, draft)
   */
  socksUsername: { id: 99, kind: "text", default: null, min: 0, max: 255, on: "all", effect: "next" },
  /** The user's password at the SOCKS5 proxy, up to 255 bytes. Null by default. (ZMQ_SOCKS_PASSWORD, draft) */
  socksPassword: { id: 100, kind: "text", default: null, min: 0, max: 255, on: "all", effect: "next" },
  /**
   * Routers that multicast over UDP passes: 1 stays in the local network; more than 255 count as 255. 1 by default.
   * (ZMQ_MULTICAST_HOPS)
   */
  multicastHops: { id: 25, kind: "int", default: 1, min: 1, on: "writers", effect: "next" },
  /**
   * Whether the members of a multicast group on this machine hear what it sends to it. True by default.
   * (ZMQ_MULTICAST_LOOP, draft)
   */
  multicastLoop: { id: 96, kind: "bool", default: true, on: ["RADIO", "DGRAM"], effect: "next" },
  /**
   * Bytes of the kernel's buffer for sending over UDP; -1: the system's default. Without effect over streams: the
   * runtime has no such setting. -1 by default. (ZMQ_SNDBUF)
   */
  sendBufferSize: { id: 11, kind: "int", default: -1, min: -1, on: "writers", effect: "next" },
  /**
   * Bytes of the kernel's buffer for receiving over UDP; -1: the system's default. Without effect over streams: the
   * runtime has no such setting. -1 by default. (ZMQ_RCVBUF)
   */
  receiveBufferSize: { id: 12, kind: "int", default: -1, min: -1, on: "readers", effect: "next" },
} as const

// Options of libzmq that have no meaning here, or that the runtime offers no way to: kept and read back, so that
// programs that set them go on to run.

/** They have no effect. */
export const inertOptions = {
  /**
   * Which of libzmq's threads serve the socket, as a mask. Without effect: there are none. 0 by default.
   * (ZMQ_AFFINITY)
   */
  affinity: { id: 4, kind: "int", default: 0, max: 0x10000000000000000, on: "all", effect: "none" },
  /** Kilobits a second over PGM. Without effect: there is no PGM. 100 by default. (ZMQ_RATE) */
  rate: { id: 8, kind: "int", default: 100, min: 1, on: "all", effect: "none" },
  /** Milliseconds that PGM can recover. Without effect: there is no PGM. 10000 by default. (ZMQ_RECOVERY_IVL) */
  recoveryInterval: { id: 9, kind: "int", default: 10_000, min: 0, on: "all", effect: "none" },
  /**
   * Bytes of a PGM packet. Without effect: there is no PGM. 1500 by default. (ZMQ_MULTICAST_MAXTPDU)
   */
  multicastMaxTransportDataUnit: { id: 84, kind: "int", default: 1500, min: 1, on: "all", effect: "none" },
  /**
   * Probes that may stay unanswered; -1: the system's default. Without effect: the runtime has no such setting. -1 by
   * default. (ZMQ_TCP_KEEPALIVE_CNT)
   */
  tcpKeepaliveCount: { id: 35, kind: "int", default: -1, min: -1, on: "all", effect: "none" },
  /**
   * Seconds between probes; -1: the system's default. Without effect: the runtime has no such setting. -1 by default.
   * (ZMQ_TCP_KEEPALIVE_INTVL)
   */
  tcpKeepaliveInterval: { id: 37, kind: "int", default: -1, min: -1, on: "all", effect: "none" },
  /**
   * Milliseconds that TCP may go on sending anew; 0: the system's default. Without effect: the runtime has no such
   * setting. 0 by default. (ZMQ_TCP_MAXRT)
   */
  tcpMaxRetransmitTimeout: { id: 80, kind: "int", default: 0, min: 0, on: "all", effect: "none" },
  /** The IP header's type of service. Without effect: the runtime has no such setting. 0 by default. (ZMQ_TOS) */
  typeOfService: { id: 57, kind: "int", default: 0, min: 0, on: "all", effect: "none" },
  /**
   * The network interface to keep to. Without effect: the runtime has no such setting; bind to the interface's name, or
   * connect from it (`tcp://eth0:0;host:port`). Null by default. (ZMQ_BINDTODEVICE)
   */
  interface: { id: 92, kind: "text", default: null, max: 16, on: "all", effect: "none" },
  /**
   * A short way on Windows. Without effect: the runtime has no such setting. False by default. (ZMQ_LOOPBACK_FASTPATH)
   */
  loopbackFastPath: { id: 94, kind: "bool", default: false, on: "all", effect: "none" },
  /**
   * Bytes that are read at a time. Without effect: reads grow with the traffic. 8192 by default. (ZMQ_IN_BATCH_SIZE,
   * draft)
   */
  inBatchSize: { id: 101, kind: "int", default: 8192, min: 1, on: "all", effect: "none" },
  /**
   * Bytes that are written at a time. Without effect: writes grow with the traffic. 8192 by default.
   * (ZMQ_OUT_BATCH_SIZE, draft)
   */
  outBatchSize: { id: 102, kind: "int", default: 8192, min: 1, on: "all", effect: "none" },
  /**
   * The kernel's priority of packets. Without effect: the runtime has no such setting. 0 by default. (ZMQ_PRIORITY,
   * draft)
   */
  priority: { id: 112, kind: "int", default: 0, min: 0, on: "all", effect: "none" },
  /**
   * Microseconds to poll busily. Without effect: the runtime has no such setting. 0 by default. (ZMQ_BUSY_POLL, draft)
   */
  busyPoll: { id: 113, kind: "int", default: 0, min: 0, on: "all", effect: "none" },
  /** Bytes of VMCI's buffer. Without effect: there is no VMCI. 0 by default. (ZMQ_VMCI_BUFFER_SIZE) */
  vmciBufferSize: { id: 85, kind: "int", default: 0, max: 9007199254740991, on: "all", effect: "none" },
  /** The least of it. Without effect: there is no VMCI. 0 by default. (ZMQ_VMCI_BUFFER_MIN_SIZE) */
  vmciBufferMinSize: { id: 86, kind: "int", default: 0, max: 9007199254740991, on: "all", effect: "none" },
  /** The most of it. Without effect: there is no VMCI. 0 by default. (ZMQ_VMCI_BUFFER_MAX_SIZE) */
  vmciBufferMaxSize: { id: 87, kind: "int", default: 0, max: 9007199254740991, on: "all", effect: "none" },
  /**
   * Milliseconds that connecting over VMCI may take. Without effect: there is no VMCI. -1 by default.
   * (ZMQ_VMCI_CONNECT_TIMEOUT)
   */
  vmciConnectTimeout: { id: 88, kind: "int", default: -1, min: -1, on: "all", effect: "none" },
} as const

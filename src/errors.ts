/** A stable name for what went wrong: the constant that zmq.h or errno.h defines. */
export type ErrorCode =
  | "ENOENT"
  | "EBADF"
  | "EAGAIN"
  | "ENOMEM"
  | "EACCES"
  | "EFAULT"
  | "EBUSY"
  | "ENODEV"
  | "EINVAL"
  | "EMFILE"
  | "EPIPE"
  | "ENAMETOOLONG"
  | "EPROTO"
  | "EMSGSIZE"
  | "ENOTSOCK"
  | "EPROTONOSUPPORT"
  | "ENOTSUP"
  | "EADDRINUSE"
  | "EADDRNOTAVAIL"
  | "ENETUNREACH"
  | "ECONNRESET"
  | "ENOBUFS"
  | "ETIMEDOUT"
  | "ECONNREFUSED"
  | "EHOSTUNREACH"
  | "EFSM"
  | "ENOCOMPATPROTO"
  | "ETERM"

/** Numbers as libzmq reports them on Linux; those that the system lacks count from ZMQ_HAUSNUMERO. */
const errorTable: Record<ErrorCode, readonly [errno: number, message: string]> = {
  ENOENT: [2, "No such endpoint"],
  EBADF: [9, "Socket is closed"],
  EAGAIN: [11, "Operation was not possible or timed out"],
  ENOMEM: [12, "Not enough memory"],
  EACCES: [13, "Permission denied"],
  EFAULT: [14, "Context is closed"],
  EBUSY: [16, "Socket is busy"],
  ENODEV: [19, "No such device"],
  EINVAL: [22, "Invalid argument"],
  EMFILE: [24, "Too many open file descriptors"],
  EPIPE: [32, "The connection was closed while writing"],
  ENAMETOOLONG: [36, "File name too long"],
  EPROTO: [71, "Protocol error"],
  EMSGSIZE: [90, "Message too long"],
  ENOTSOCK: [88, "Socket operation on non-socket"],
  EPROTONOSUPPORT: [93, "Protocol not supported"],
  ENOTSUP: [95, "Operation not supported"],
  EADDRINUSE: [98, "Address already in use"],
  EADDRNOTAVAIL: [99, "Address not available"],
  ENETUNREACH: [101, "Network is unreachable"],
  ECONNRESET: [104, "Connection reset by peer"],
  ENOBUFS: [105, "No buffer space available"],
  ETIMEDOUT: [110, "Connection timed out"],
  ECONNREFUSED: [111, "Connection refused"],
  EHOSTUNREACH: [113, "Host unreachable"],
  EFSM: [156384763, "Operation cannot be accomplished in current state"],
  ENOCOMPATPROTO: [156384764, "Protocol not compatible with the socket type"],
  ETERM: [156384765, "Context was terminated"],
}

/** What {@link ZmqError} carries besides its code. */
export interface ZmqErrorDetails {
  /** A sentence in place of the code's usual one. */
  message?: string
  /** The endpoint that the failed operation was about. */
  address?: string | undefined
  /** What the platform reported. */
  cause?: unknown
}

/**
 * Every failure of a ZeroMQ operation. Switch on `code`; `errno` is the number that libzmq gives on Linux,
 * `address` the endpoint where one is concerned.
 */
export class ZmqError extends Error {
  /** A stable name such as `"EAGAIN"`. */
  readonly code: ErrorCode
  /** The code's number, as libzmq gives it on Linux. */
  readonly errno: number
  /** The endpoint that the failed operation was about. */
  declare readonly address?: string

  constructor(code: ErrorCode, details: ZmqErrorDetails = {}) {
    super(
      details.message ?? errorTable[code][1],
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.code = code
    this.errno = errorTable[code][0]
    if (details.address !== undefined) this.address = details.address
  }
}

Object.defineProperty(ZmqError.prototype, "name", { value: "ZmqError", configurable: true, writable: true })

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(errorTable, code)
}

/** The platform's error in our terms: its own code where we know it, else `fallback`. */
export function fromPlatform(error: unknown, address: string, fallback: ErrorCode): ZmqError {
  const code = (error as { code?: unknown } | null)?.code
  if (isErrorCode(code)) return new ZmqError(code, { address, cause: error })
  const message = error instanceof Error ? error.message : String(error)
  return new ZmqError(fallback, { address, cause: error, message })
}

/** A peer wanted more of a socket than its options allow: that ends its connection, and is not tried again. */
export class LimitError extends ZmqError {}

/** A peer broke the protocol. It closes that peer's connection alone and never reaches the user's calls. */
export class ProtocolError extends Error {
  /** The code that zeromq.js's `handshake:error:protocol` event carries. */
  readonly code: ProtocolErrorCode

  constructor(code: ProtocolErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

Object.defineProperty(ProtocolError.prototype, "name", {
  value: "ProtocolError",
  configurable: true,
  writable: true,
})

/** The kinds of protocol violation, named as zeromq.js names them. */
export type ProtocolErrorCode =
  | "ERR_ZMTP_UNSPECIFIED"
  | "ERR_ZMTP_UNEXPECTED_COMMAND"
  | "ERR_ZMTP_INVALID_SEQUENCE"
  | "ERR_ZMTP_KEY_EXCHANGE"
  | "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"
  | "ERR_ZMTP_MALFORMED_COMMAND_MESSAGE"
  | "ERR_ZMTP_MALFORMED_COMMAND_HELLO"
  | "ERR_ZMTP_MALFORMED_COMMAND_INITIATE"
  | "ERR_ZMTP_MALFORMED_COMMAND_ERROR"
  | "ERR_ZMTP_MALFORMED_COMMAND_READY"
  | "ERR_ZMTP_MALFORMED_COMMAND_WELCOME"
  | "ERR_ZMTP_INVALID_METADATA"
  | "ERR_ZMTP_CRYPTOGRAPHIC"
  | "ERR_ZMTP_MECHANISM_MISMATCH"
  | "ERR_WS_UNSPECIFIED"
  | "ERR_ZAP_UNSPECIFIED"
  | "ERR_ZAP_MALFORMED_REPLY"
  | "ERR_ZAP_BAD_REQUEST_ID"
  | "ERR_ZAP_BAD_VERSION"
  | "ERR_ZAP_INVALID_STATUS_CODE"
  | "ERR_ZAP_INVALID_METADATA"

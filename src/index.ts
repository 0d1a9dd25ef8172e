export {
  type AuthenticationDecision,
  Authenticator,
  type AuthenticatorOptions,
} from "./auth/authenticator.js"
export {
  createCertificates,
  loadCertificate,
  loadCertificates,
  saveCertificate,
} from "./auth/certificates.js"
export { CURVE_ALLOW_ANY, type CurveCallback, type CurveCredentials } from "./auth/curve-rules.js"
export type { Admittance, AuthenticationAnswer } from "./auth/judgement.js"
export { curveKeyPair, curvePublicKey, z85Decode, z85Encode } from "./auth/keys.js"
export type { PlainCallback, PlainCredentials, PlainPasswords } from "./auth/plain-rules.js"
export type { AllowedOrigins, BindOptions, WebServer } from "./bind-options.js"
export type { PortLike } from "./core/context.js"
export type { Event, EventError, EventOfType, EventType } from "./core/monitor.js"
export type { SocketStats } from "./core/stats.js"
export type { Received } from "./core/traffic.js"
export { type ErrorCode, type ProtocolErrorCode, ZmqError, type ZmqErrorDetails } from "./errors.js"
export type { FrameBytes, TextEncoding } from "./frame-bytes.js"
export type { Frame, Frame as Message, MessageLike } from "./message.js"
export type { Peer } from "./peer.js"
export type { CertificateFiles, CurveCertificate } from "./security/curve/certificate.js"
export type { CurveKeyPair } from "./security/curve/keys.js"
export { type Capability, capability, version } from "./sockets/capability.js"
export type { RouterConnectOptions, StreamConnectOptions } from "./sockets/connect-options.js"
export { type ContextOptions, context } from "./sockets/context.js"
export { Context } from "./sockets/context-socket.js"
export { Dealer } from "./sockets/dealer.js"
export { type DeviceOptions, forwarder, queue, streamer } from "./sockets/devices.js"
export { type LogEntry, type LogOptions, LogPublisher } from "./sockets/log-publisher.js"
export { type EventSubscriber, Observer } from "./sockets/observer.js"
export { Pair } from "./sockets/pair.js"
export { eachMessage, type Polled, type PollOptions, poll, type Ready } from "./sockets/poll.js"
export { type AttachedPort, attachPort } from "./sockets/ports.js"
export {
  Proxy,
  type ProxyCallOptions,
  type ProxyFlow,
  type ProxyOptions,
  type ProxyRunOptions,
  type ProxyStatistics,
  proxy,
} from "./sockets/proxy.js"
export { Publisher } from "./sockets/publisher.js"
export { Pull } from "./sockets/pull.js"
export { Push } from "./sockets/push.js"
export type { PortRange } from "./sockets/random-port.js"
export type { Readable, ReceiveOptions } from "./sockets/readable.js"
export { Reply } from "./sockets/reply.js"
export { Request } from "./sockets/request.js"
export { Router } from "./sockets/router.js"
export { Socket, type SocketOptions } from "./sockets/socket.js"
export { Stream } from "./sockets/stream.js"
export { Subscriber } from "./sockets/subscriber.js"
export { DEALER, PAIR, PUB, PULL, PUSH, REP, REQ, ROUTER, STREAM, SUB, XPUB, XSUB } from "./sockets/types.js"
export type { SendOptions, Writable } from "./sockets/writable.js"
export { XPublisher } from "./sockets/xpublisher.js"
export { XSubscriber } from "./sockets/xsubscriber.js"

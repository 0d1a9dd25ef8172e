// A handler of ZAP (RFC 27) that is ready for use, with the rules that pyzmq's zmq.auth.Authenticator has.

import { platform } from "#platform"
import { Attendant } from "../core/attendant.js"
import type { Message } from "../message.js"
import type { Status } from "../security/authentication.js"
import { ZAP_ENDPOINT } from "../security/zap.js"
import { encodeZapReply, readZapRequest, type ZapRequest } from "../security/zap-handler.js"
import { Context, globalContext } from "../sockets/context.js"
import { Router } from "../sockets/router.js"
import { AddressRules } from "./address-rules.js"
import { type CurveCallback, CurveRules } from "./curve-rules.js"
import { denied, granted, type Judgement } from "./judgement.js"
import { type PlainCallback, type PlainPasswords, PlainRules } from "./plain-rules.js"

/** What was decided about one peer. */
export interface AuthenticationDecision {
  /** The server's `zapDomain`; empty where it has none. */
  readonly domain: string
  /** The peer's IP address; empty where it has none, as over ipc. */
  readonly address: string
  /** `"NULL"`, `"PLAIN"` or `"CURVE"`; what the server said, where it asked for another. */
  readonly mechanism: string
  /**
   * Whom the peer was let in as. Where it was not, who it says it is: the name with PLAIN, the public key with CURVE;
   * else empty.
   */
  readonly userId: string
  /** 200: let in; 300: not, but it may try again; 400: not; 500: not, since a callback failed. */
  readonly status: Status
  /** Why, in a few words. */
  readonly reason: string
  /** What the callback threw, or that its answer was none; undefined but for status 500. */
  readonly error?: unknown
}

/** Options of an {@link Authenticator}; all may be left out. What its functions throw nobody catches. */
export interface AuthenticatorOptions {
  /** The context whose sockets ask; the process-wide one by default. */
  context?: Context
  /** Gets each decision, after the peer's server has got it. */
  onDecision?: (decision: AuthenticationDecision) => void
  /**
   * Gets each decision as a line of text, with what a callback threw behind it: `console.error` would do. Passwords are
   * never in it. Without it and `onDecision`, what a callback throws is a warning of the process.
   */
  log?: (line: string, error?: unknown) => void
}

/**
 * Decides who may talk to the servers of a context: those with `plainServer` or `curveServer`, and those of NULL that
 * have a `zapDomain`. It is their ZAP handler, at `inproc://zeromq.zap.01` (RFC 27). One that has no rules lets in all
 * peers of NULL and nobody else. Rules may be changed at any time, and count for the next handshake.
 *
 * A peer has to pass the rules of addresses first, then those of its mechanism. A domain is the server's `zapDomain`;
 * rules for `"*"` are for all domains that have none of their own, and for servers without one.
 *
 * ```
 * const authenticator = new Authenticator()
 * authenticator.configurePlain("*", { admin: "secret" })
 * await authenticator.start()
 * ```
 */
export class Authenticator {
  /** The context whose sockets ask. */
  readonly context: Context
  readonly #onDecision: AuthenticatorOptions["onDecision"]
  readonly #log: AuthenticatorOptions["log"]
  readonly #addresses = new AddressRules()
  readonly #plain = new PlainRules()
  readonly #curve = new CurveRules()
  #router: Router | undefined

  constructor(options: AuthenticatorOptions = {}) {
    if (typeof options !== "object" || options === null) throw new TypeError("Options must be an object")
    const { context = globalContext(), onDecision, log } = options
    if (!(context instanceof Context)) throw new TypeError("Context must be a context object")
    checkFunction(onDecision, "onDecision")
    checkFunction(log, "log")
    this.context = context
    this.#onDecision = onDecision
    this.#log = log
  }

  /** Whether it answers: from {@link start} to {@link stop}, or to the end of the context. */
  get running(): boolean {
    return this.#router !== undefined && !this.#router.closed
  }

  /**
   * Begins to answer; resolves when it does. Does nothing when it does already. It keeps no process alive, and goes on
   * when nobody holds it. Rejects with EADDRINUSE when the context has a ZAP handler, ETERM when it has ended.
   */
  async start(): Promise<void> {
    if (this.running) return
    // No answer may be lost: there is one for each question.
    const router = new Router({ context: this.context, linger: 0, sendHighWaterMark: 0 })
    try {
      router.bindSync(ZAP_ENDPOINT)
    } catch (error) {
      router.close()
      throw error
    }
    this.#router = router
    new Attendant(router.core, this, (message, attendant) => this.#heed(message, attendant))
  }

  /**
   * Answers no more. Peers that wait for a callback's word are left without one. It can be started again; the rules
   * stay. Does nothing when it was not started.
   */
  stop(): void {
    this.#router?.close()
    this.#router = undefined
  }

  /** The same as {@link stop}. */
  [Symbol.dispose](): void {
    this.stop()
  }

  /**
   * Lets in peers from these IP addresses and networks (`10.0.0.0/8`) alone, and from those that were allowed before;
   * `""` stands for peers that have no address, such as those over ipc. They still need the credentials of their
   * mechanism. Whoever is denied too stays out. An IPv4 address counts in whichever form the system tells it. Throws
   * EINVAL for what is no address, and has changed nothing then.
   */
  allow(...addresses: string[]): void {
    this.#addresses.allow(addresses)
  }

  /** Keeps out peers from these IP addresses and networks, whatever they know. See {@link allow}. Throws EINVAL. */
  deny(...addresses: string[]): void {
    this.#addresses.deny(addresses)
  }

  /** Takes back what was given to {@link allow} or {@link deny}, as it was written there. */
  forget(...addresses: string[]): void {
    this.#addresses.forget(addresses)
  }

  /**
   * Says who may come to servers of PLAIN in a domain: passwords by name, which are copied; or a function that is asked
   * each time, and may take its time, others do not wait meanwhile; or null for nobody, or the rules for `"*"`. Takes the
   * place of what was there. Whom it lets in has the user name for an id, unless the function gives another. What the
   * function throws keeps the peer out, with status 500.
   */
  configurePlain(domain: string, passwords: PlainPasswords | PlainCallback | null): void {
    checkDomain(domain)
    this.#plain.configure(domain, passwords)
  }

  /**
   * Says who may come to servers of CURVE in a domain: those whose certificates are in a folder (`*.key`, which are read
   * now: call it again when they have changed); or whose public keys these are, in Z85; or, with
   * {@link CURVE_ALLOW_ANY}, all who know the server's key; or a function, as with {@link configurePlain}; or null. Takes
   * the place of what was there. Whom it lets in has the public key for an id, in Z85.
   *
   * Throws ENOENT when there is no such folder, EACCES when it must not be read, EINVAL for what is no key; then what was
   * there still counts.
   */
  configureCurve(domain: string, clients: string | Iterable<string> | CurveCallback | null): void {
    checkDomain(domain)
    this.#curve.configure(domain, clients)
  }

  #heed(message: Message, attendant: Attendant): void {
    const request = readZapRequest(message)
    if (request === undefined) {
      this.#tell("A request that is none of ZAP was dropped")
      return
    }
    const judgement = this.#judge(request)
    if (judgement instanceof Promise) {
      void judgement.then((settled) => this.#answer(request, settled, attendant))
    } else this.#answer(request, judgement, attendant)
  }

  #judge(request: ZapRequest): Judgement | Promise<Judgement> {
    if (request.fault !== undefined) return denied(request.fault, "")
    const refusal = this.#addresses.refusal(request.address)
    if (refusal !== undefined) return denied(refusal, "")
    if (request.mechanism === "PLAIN") return this.#plain.judge(request)
    if (request.mechanism === "CURVE") return this.#curve.judge(request)
    return granted("anonymous")
  }

  #answer(request: ZapRequest, judgement: Judgement, attendant: Attendant): void {
    // It was stopped meanwhile: nobody hears.
    if (!attendant.open) return
    const { status, reason, userId, properties, error } = judgement
    attendant.send(encodeZapReply(request, { status, text: reason, userId, properties }))
    const { domain, address, mechanism } = request
    const decision: AuthenticationDecision = { domain, address, mechanism, userId, status, reason }
    this.#report(error === undefined ? decision : { ...decision, error })
  }

  #report(decision: AuthenticationDecision): void {
    const onDecision = this.#onDecision
    // Later, so that what it does or throws cannot hit the connections that are about to be made.
    if (onDecision !== undefined) platform.afterMicrotasks(() => onDecision(decision))
    const { status, error } = decision
    if (this.#log !== undefined) this.#tell(describe(decision), error)
    else if (status === 500 && onDecision === undefined) {
      platform.warn(`${describe(decision)}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  #tell(line: string, error?: unknown): void {
    const log = this.#log
    if (log === undefined) return
    platform.afterMicrotasks(() => (error === undefined ? log(line) : log(line, error)))
  }
}

/** One line; what came from outside is quoted. */
function describe({ status, reason, mechanism, address, domain, userId }: AuthenticationDecision): string {
  const where = `${JSON.stringify(mechanism)} from ${JSON.stringify(address)}, domain ${JSON.stringify(domain)}`
  return `ZAP ${status} ${reason}: ${where}, user ${JSON.stringify(userId)}`
}

function checkDomain(domain: unknown): void {
  if (typeof domain !== "string") throw new TypeError("Domain must be a string")
}

function checkFunction(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== "function") throw new TypeError(`${name} must be a function`)
}

import { ZmqError } from "../errors.js"
import type { Counters, Hello, Link, LinkEnd, LinkOwner, Outbox } from "../link/link.js"
import type { Message, MessageRun } from "../message.js"
import type { Verdict } from "../security/authentication.js"
import { openDoor } from "../security/security.js"
import { decodeZapReply, ZAP_ENDPOINT } from "../security/zap.js"
import type { Dialing } from "../transports/transport.js"
import type { ContextCore } from "./context.js"
import { helloOf } from "./hello.js"
import { defaultOptions } from "./options.js"

let asker: Hello | undefined

/**
 * Whether the context has an authenticator now: a REP or ROUTER that is bound where ZAP has it (RFC 27). Throws EFAULT
 * when a socket is bound there that cannot be one; libzmq ends the process then.
 */
export function hasAuthenticator(context: ContextCore): boolean {
  const type = context.transportOf(ZAP_ENDPOINT).boundType?.(ZAP_ENDPOINT)
  if (type === undefined) return false
  if (type === "REP" || type === "ROUTER") return true
  throw new ZmqError("EFAULT", { message: `A ${type} is no authenticator: nobody may come in.` })
}

/**
 * Sends a request to the context's authenticator; `answer` is told the verdict, or an Error when he left or answered
 * what is no reply. Calling the result withdraws the question.
 */
export function askAuthenticator(
  context: ContextCore,
  request: Message,
  answer: (verdict: Verdict | Error) => void,
): () => void {
  const question = new Question(context, request, answer)
  return () => question.close()
}

/** One question and its answer: a connection of its own, as with libzmq, so that answers cannot be mixed up. */
class Question implements LinkOwner, LinkEnd {
  readonly counters: Counters = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, dropped: 0 }
  readonly takesRuns = false
  readonly halted = false
  readonly room: number = Infinity
  readonly outbox: Outbox
  private readonly answer: (verdict: Verdict | Error) => void
  private readonly dialing: Dialing
  private link: Link | undefined
  private over = false

  constructor(context: ContextCore, request: Message, answer: (verdict: Verdict | Error) => void) {
    this.answer = answer
    const transport = context.transportOf(ZAP_ENDPOINT)
    this.outbox = transport.outbox(context.slabs, false)
    this.outbox.push(request)
    const options = defaultOptions("DEALER")
    asker ??= helloOf("DEALER", options, Infinity, openDoor)
    this.dialing = transport.dial(ZAP_ENDPOINT, asker, options, this)
  }

  close(): void {
    if (this.over) return
    this.over = true
    if (this.link === undefined) this.dialing.cancel()
    else this.link.destroy()
  }

  opened(): void {}

  linked(link: Link): void {
    this.link = link
    link.start(this)
  }

  ended(): void {
    this.settle(new ZmqError("EFAULT", { message: "The authenticator left before it answered." }))
  }

  deliver(reply: Message): boolean {
    let verdict: Verdict | Error
    try {
      verdict = decodeZapReply(reply)
    } catch (error) {
      verdict = error as Error
    }
    this.settle(verdict)
    this.link?.destroy()
    return true
  }

  deliverRun(_run: MessageRun): boolean {
    throw new Error("Messages over inproc come one by one.")
  }

  drained(): void {}

  flushed(): void {}

  private settle(verdict: Verdict | Error): void {
    if (this.over) return
    this.over = true
    this.answer(verdict)
  }
}

import type { Frame } from "../message.js"
import { encodeCommand, encodeErrorReason } from "../wire/command.js"
import { type Credentials, PeerRejection, type Verdict, type Verify } from "./authentication.js"

/** One question to the authenticator, and what became of it: the step that PLAIN's and CURVE's servers share. */
export class Admission {
  /** The authenticator has been asked and has not answered. */
  waiting = false
  /** He let the peer in. */
  granted = false
  /** His answer, whatever it was. */
  verdict: Verdict | undefined
  /** Why the peer is not let in. */
  failure: Error | undefined
  private error: Frame | undefined
  private cancel: (() => void) | undefined

  /** Asks; `answered` is called if the answer comes after this has returned. */
  ask(verify: Verify, credentials: Credentials, answered: () => void): void {
    this.waiting = true
    let asking = true
    const cancel = verify(credentials, (verdict) => {
      if (!this.waiting) return
      this.waiting = false
      this.cancel = undefined
      this.take(verdict)
      if (!asking) answered()
    })
    asking = false
    if (this.waiting) this.cancel = cancel
  }

  /** The ERROR command that tells the peer, once. */
  takeError(): Frame | undefined {
    const { error } = this
    this.error = undefined
    return error
  }

  /** The connection has ended: no answer is wanted any more. */
  close(): void {
    this.waiting = false
    this.cancel?.()
    this.cancel = undefined
  }

  private take(verdict: Verdict | Error): void {
    if (verdict instanceof Error) {
      this.failure = verdict
      return
    }
    this.verdict = verdict
    if (verdict.status === 200) {
      this.granted = true
      return
    }
    this.failure = new PeerRejection(verdict.status)
    // Who may come again later is told nothing (RFC 27, section 3.2; as libzmq does it).
    if (verdict.status !== 300) this.error = encodeCommand("ERROR", encodeErrorReason(String(verdict.status)))
  }
}

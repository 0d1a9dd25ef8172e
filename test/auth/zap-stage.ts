// A server as an authenticator sees it: requests by hand, in a context of their own.
import assert from "node:assert/strict"
import * as puremq from "puremq"
import { within } from "../suites/deadline.js"

export const ZAP_ENDPOINT = "inproc://zeromq.zap.01"

/** What a request has after its version and id; what is left out is as usual. */
export interface Question {
  readonly domain?: string
  readonly address?: string
  readonly mechanism?: string
  readonly credentials?: readonly (string | Uint8Array)[]
}

/** What came back. */
export interface Answer {
  readonly status: string
  readonly userId: string
  readonly metadata: Buffer
}

/** A request's frames, behind the empty one. */
export function requestFrames(question: Question): (string | Uint8Array)[] {
  const { domain = "", address = "127.0.0.1", mechanism = "NULL", credentials = [] } = question
  return ["1.0", "1", domain, address, "", mechanism, ...credentials]
}

export interface ZapStage extends AsyncDisposable {
  readonly context: puremq.Context
  readonly authenticator: puremq.Authenticator
  readonly decisions: puremq.AuthenticationDecision[]
  readonly lines: string[]
  /** Sends a request through a socket of its own, and waits for the reply. */
  ask(question: Question): Promise<Answer>
  /** The same for the status alone. */
  statusOf(question: Question): Promise<string>
  /** The same with frames that may be anything. */
  askRaw(frames: readonly (string | Uint8Array)[]): Promise<Buffer[]>
}

/** An authenticator that runs. */
export async function startAuthenticator(): Promise<ZapStage> {
  const context = new puremq.Context()
  const decisions: puremq.AuthenticationDecision[] = []
  const lines: string[] = []
  const authenticator = new puremq.Authenticator({
    context,
    onDecision: (decision) => decisions.push(decision),
    log: (line) => lines.push(line),
  })
  await authenticator.start()
  const askRaw = async (frames: readonly (string | Uint8Array)[]): Promise<Buffer[]> => {
    using request = new puremq.Request({ context, linger: 0 })
    request.connect(ZAP_ENDPOINT)
    await request.send([...frames])
    return await within(request.receive(), "the authenticator's reply")
  }
  const ask = async (question: Question): Promise<Answer> => {
    const reply = await askRaw(requestFrames(question))
    assert.equal(reply.length, 6)
    const [version, id, status, , userId, metadata] = reply as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ]
    assert.equal(`${version} ${id}`, "1.0 1")
    return { status: String(status), userId: String(userId), metadata }
  }
  return {
    context,
    authenticator,
    decisions,
    lines,
    ask,
    askRaw,
    statusOf: async (question) => (await ask(question)).status,
    [Symbol.asyncDispose]: async () => {
      authenticator.stop()
      await context.term()
    },
  }
}

export const plain = (username: string, password: string, domain = ""): Question => ({
  domain,
  mechanism: "PLAIN",
  credentials: [username, password],
})

export const curve = (publicKey: string, domain = ""): Question => ({
  domain,
  mechanism: "CURVE",
  credentials: [puremq.z85Decode(publicKey)],
})

export const from = (address: string): Question => ({ address })

// Sockets with mechanisms, and an authenticator who is asked about their peers: with either library.
import type { Context } from "puremq"
import type { Stage } from "../suites/stage.js"
import { EventLog, far } from "../wire/wire-stage.js"
import { clientPair } from "./curve-stage.js"
import { curveOptions, curveServerOptions } from "./libzmq-stage.js"

export const plainServer = { plainServer: true }
export const plainClient = { plainUsername: "admin", plainPassword: "secret" }
export const curveServer = curveServerOptions
export const curveClient = curveOptions

type Options = Record<string, unknown>

/** Each mechanism with both sides' options, and what its client shows. */
export const mechanisms: readonly [name: string, server: Options, client: Options, credentials: Buffer[]][] =
  [
    ["NULL", { zapDomain: "a domain" }, {}, []],
    ["PLAIN", plainServer, plainClient, [Buffer.from("admin"), Buffer.from("secret")]],
    ["CURVE", curveServer, curveClient, [Buffer.from(clientPair.publicKey)]],
  ]

/** What the authenticator says: a whole reply, or a status alone; undefined: nothing. */
export type Answer = string | readonly (string | Buffer)[] | undefined

/** An authenticator who gives everybody the same answer; what he was asked, in order. */
export async function authenticate(
  stage: Stage,
  context: Context,
  answer: Answer,
  type: "Reply" | "Router" = "Reply",
): Promise<Buffer[][]> {
  const requests: Buffer[][] = []
  const handler = stage.open(type, { context })
  await handler.bind("inproc://zeromq.zap.01")
  const serve = async (): Promise<void> => {
    for await (const frames of handler) {
      const envelope = type === "Router" ? frames.splice(0, 2) : []
      requests.push(frames)
      if (answer === undefined) {
        handler.close()
        return
      }
      const [version = "", id = ""] = frames
      const reply = typeof answer === "string" ? [version, id, answer, "", "somebody", ""] : answer
      await handler.send([...envelope, ...reply])
    }
  }
  serve().catch(() => {})
  return requests
}

/** Two sockets of which one has come to the other, and what is told of it. */
export interface Encounter {
  readonly server: ReturnType<typeof openServer>
  readonly client: ReturnType<typeof openClient>
  readonly served: EventLog
  readonly connected: EventLog
}

function openServer(stage: Stage, options: Options) {
  return stage.open("Router", { routingId: "the server", ...options })
}

function openClient(stage: Stage, options: Options) {
  return stage.open("Dealer", { routingId: "a client", ...far, ...options })
}

/** A ROUTER binds, a DEALER connects and has a message for it. */
export async function meet(stage: Stage, onServer: Options, onClient: Options): Promise<Encounter> {
  const [server, client] = [openServer(stage, onServer), openClient(stage, onClient)]
  // A server of libzmq that was closed after a bad reply over ipc is seldom told to be.
  const [served, connected] = [stage.keep(new EventLog(server)), stage.keep(new EventLog(client))]
  client.connect(await stage.bind(server))
  // Not waited for: who has been turned away already, which libzmq may be by now, waits until it is closed.
  client.send("hello").catch(() => {})
  return { server, client, served, connected }
}

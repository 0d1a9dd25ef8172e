// A program as one writes it for zeromq.js's draft types: for either library, in what it says and in what it does.
import type * as zmq from "puremq"
import type * as draft from "puremq/draft"
import { same } from "./same-type.js"

/** What both have. */
type DraftApi = Pick<typeof draft, "Client" | "Datagram" | "Dish" | "Gather" | "Radio" | "Scatter" | "Server">

type Received<S extends { receive(): Promise<unknown> }> = Awaited<ReturnType<S["receive"]>>

/** What the two declare to be the same. */
export function sharedDraftTypes(): void {
  same<Received<draft.Server>, [Buffer, { routingId: number }]>()
  same<Received<draft.Client>, [Buffer]>()
  same<Received<draft.Dish>, [Buffer, { group: Buffer }]>()
  same<Received<draft.Gather>, [Buffer]>()
  same<Received<draft.Datagram>, [Buffer, Buffer]>()
  same<Parameters<draft.Server["send"]>[0], zmq.MessageLike>()
  same<Parameters<draft.Server["send"]>[1]["routingId"], number>()
  same<Parameters<draft.Client["send"]>[0], zmq.MessageLike>()
  same<Parameters<draft.Radio["send"]>[0], zmq.MessageLike>()
  same<Parameters<draft.Radio["send"]>[1]["group"], string | Buffer>()
  same<Parameters<draft.Scatter["send"]>[0], zmq.MessageLike>()
  same<Parameters<draft.Datagram["send"]>[0], [zmq.MessageLike, zmq.MessageLike]>()
  same<Parameters<draft.Dish["join"]>, (string | Buffer)[]>()
  same<Parameters<draft.Dish["leave"]>, (string | Buffer)[]>()
  same<draft.Gather["conflate"], boolean>()
  same<draft.Scatter["conflate"], boolean>()
  same<draft.Radio["multicastHops"], number>()
}

/** What the compiler refuses, with either. */
export function draftMistakes(api: DraftApi): (() => unknown)[] {
  const server = new api.Server()
  const radio = new api.Radio()
  const dish = new api.Dish()
  const client = new api.Client()
  const gather = new api.Gather()
  const datagram = new api.Datagram()
  return [
    // @ts-expect-error Whom is it for?
    () => server.send("no"),
    // @ts-expect-error
    () => server.send("no", { group: "no" }),
    // @ts-expect-error Which group?
    () => radio.send("no"),
    // @ts-expect-error
    () => radio.receive(),
    // @ts-expect-error
    () => dish.send("no"),
    // @ts-expect-error
    () => gather.send("no"),
    // @ts-expect-error
    () => dish.join(1),
    // @ts-expect-error Messages have one frame.
    () => client.send(["no", "no"]),
    // @ts-expect-error
    () => datagram.send("no"),
    // @ts-expect-error Another class's option.
    () => new api.Gather({ sendHighWaterMark: 1 }),
    // @ts-expect-error
    () => new api.Client({ conflate: true }),
  ]
}

/** Sockets that are what zeromq.js calls readable and writable. */
function use(
  server: draft.Server,
  radio: draft.Radio,
): [
  zmq.Writable<zmq.MessageLike, [{ routingId: number }]>,
  zmq.Writable<zmq.MessageLike, [{ group: string }]>,
] {
  return [server, radio]
}

/** What it does, as lines. */
export async function draftProgram(api: DraftApi): Promise<string[]> {
  const lines: string[] = []
  const server = new api.Server({ linger: 0, receiveTimeout: 10_000 })
  const client = new api.Client({ linger: 0, receiveTimeout: 10_000 })
  await server.bind("tcp://127.0.0.1:0")
  client.connect(server.lastEndpoint as string)
  await client.send("question")
  for await (const [question, { routingId }] of server) {
    lines.push(`${question} ${typeof routingId}`)
    await server.send("answer", { routingId })
    break
  }
  const [answer] = await client.receive()
  lines.push(answer.toString())

  const radio = new api.Radio({ linger: 0 })
  const dish = new api.Dish({ linger: 0, receiveTimeout: 10_000 })
  dish.join("weather")
  await radio.bind("tcp://127.0.0.1:0")
  dish.connect(radio.lastEndpoint as string)
  let heard = false
  const hearing = dish.receive().then((message) => {
    heard = true
    return message
  })
  while (!heard) {
    await radio.send("sunny", { group: "weather" })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const [report, { group }] = await hearing
  lines.push(`${report} ${group}`)
  dish.leave("weather")

  const gather = new api.Gather({ linger: 0, receiveTimeout: 10_000 })
  const scatter = new api.Scatter({ linger: 0 })
  await gather.bind("tcp://127.0.0.1:0")
  scatter.connect(gather.lastEndpoint as string)
  await scatter.send(Buffer.from("work"))
  lines.push(String(await gather.receive()))
  lines.push(String([server, client, radio, dish, gather, scatter].map(({ threadSafe }) => threadSafe)))

  const datagram = new api.Datagram({ linger: 0 })
  lines.push(String([server, client, radio, dish, gather, scatter, datagram].map(({ type }) => type)))
  lines.push(String(use(server, radio).length))
  for (const socket of [server, client, radio, dish, gather, scatter, datagram]) socket.close()
  return lines
}

// What the compiler says of programs: an error that is expected and does not come fails the build.
import assert from "node:assert/strict"
import { test } from "node:test"
import * as zmq from "puremq"
import * as draft from "puremq/draft"
import { unlessMissing } from "../interop/peer.js"
import { within } from "../suites/deadline.js"
import { draftOf } from "../suites/draft-library.js"
import { loadZeromq } from "../suites/library.js"
import { compile } from "./compile-programs.js"
import { draftMistakes, draftProgram, sharedDraftTypes } from "./draft-program.js"
import { same } from "./same-type.js"
import { mistakes, oversights, program, sharedTypes } from "./zeromq-program.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

const story = [
  "bound true",
  "question||42|!",
  "answer",
  "asker: goodbye",
  "connect:delay tcp://",
  "connect tcp://",
  "handshake tcp://",
  "end",
]

test("a program for zeromq.js runs", async () => {
  assert.deepEqual(await within(program(zmq), "the program to end"), story)
})

test("so it does on zeromq.js", { skip }, async () => {
  if (typeof zeromq === "string") return
  assert.deepEqual(await within(program(zeromq.zmq as typeof zmq), "the program to end"), story)
})

const draftStory = [
  "question number",
  "answer",
  "sunny weather",
  "work",
  "true,true,true,true,true,true",
  "12,13,14,15,16,17,18",
  "2",
]

test("a program for zeromq.js's draft types runs", async () => {
  assert.deepEqual(await within(draftProgram(draft), "the program to end"), draftStory)
})

test("so it does on zeromq.js, too", { skip }, async () => {
  if (typeof zeromq === "string") return
  assert.deepEqual(await within(draftProgram(draftOf("zeromq")), "the program to end"), draftStory)
})

test("what zeromq.js's draft types refuse fails", async () => {
  sharedDraftTypes()
  for (const mistake of draftMistakes(draft)) await assert.rejects(async () => mistake(), String(mistake))
})

test("its types, and its type errors, are those of zeromq.js", { skip }, () => {
  assert.equal(
    compile("test/peers/node_modules/zeromq/lib/index.d.ts", "test/peers/node_modules/zeromq/draft.d.ts", {}),
    "",
  )
})

test("it compiles where the compiler is told less, or checks our declarations too", () => {
  const laxer = {
    exactOptionalPropertyTypes: false,
    noUncheckedIndexedAccess: false,
    verbatimModuleSyntax: false,
    module: "ESNext",
    moduleResolution: "Bundler",
    skipLibCheck: false,
  }
  assert.equal(compile("dist/index.d.ts", "dist/draft.d.ts", laxer), "")
})

const { context } = zmq

test("what zeromq.js's types refuse fails", () => {
  using push = new zmq.Push()
  using publisher = new zmq.Publisher()
  using pull = new zmq.Pull()
  using subscriber = new zmq.Subscriber()
  using dealer = new zmq.Dealer()
  for (const mistake of mistakes(zmq, { push, publisher, pull, subscriber, dealer })) {
    assert.throws(mistake, TypeError, String(mistake))
  }
})

test("what only the types refuse is let through", async () => {
  sharedTypes()
  using dealer = new zmq.Dealer({ linger: 0 })
  dealer.connect("inproc://nobody")
  for (const oversight of oversights(dealer)) await oversight()
})

test("context.socket() makes, and is typed as, the class of each constant", () => {
  const sockets = {
    Pair: context.socket(zmq.PAIR),
    Publisher: context.socket(zmq.PUB),
    Subscriber: context.socket(zmq.SUB),
    Request: context.socket(zmq.REQ),
    Reply: context.socket(zmq.REP),
    Dealer: context.socket(zmq.DEALER),
    Router: context.socket(zmq.ROUTER, { mandatory: true }),
    Pull: context.socket(zmq.PULL, { receiveTimeout: 5 }),
    Push: context.socket(zmq.PUSH, { sendTimeout: 5 }),
    XPublisher: context.socket(zmq.XPUB),
    XSubscriber: context.socket(zmq.XSUB),
    Stream: context.socket(zmq.STREAM),
  }
  same<
    typeof sockets,
    {
      Pair: zmq.Pair
      Publisher: zmq.Publisher
      Subscriber: zmq.Subscriber
      Request: zmq.Request
      Reply: zmq.Reply
      Dealer: zmq.Dealer
      Router: zmq.Router
      Pull: zmq.Pull
      Push: zmq.Push
      XPublisher: zmq.XPublisher
      XSubscriber: zmq.XSubscriber
      Stream: zmq.Stream
    }
  >()
  for (const [name, socket] of Object.entries(sockets)) {
    assert.equal(socket.constructor.name, name)
    assert.equal(socket.context, context)
    socket.close()
  }
})

test("context.socket() refuses what is no type", () => {
  // @ts-expect-error There are twelve.
  assert.throws(() => context.socket(12), { code: "EINVAL" })
  // @ts-expect-error
  assert.throws(() => context.socket("REP"), { code: "EINVAL" })
  const expected = { name: "TypeError", message: /^Cannot add property mandatory, / }
  // @ts-expect-error A REP has no such option.
  assert.throws(() => context.socket(zmq.REP, { mandatory: true }), expected)
  const other = new zmq.Context()
  // @ts-expect-error The context is the one that was asked.
  const reply = context.socket(zmq.REP, { context: other })
  assert.equal(reply.context, context)
  reply.close()
})

test("what a class cannot do it has no method for", () => {
  using push = new zmq.Push()
  using publisher = new zmq.Publisher()
  using pull = new zmq.Pull()
  using subscriber = new zmq.Subscriber()
  // @ts-expect-error
  assert.throws(() => push.receive(), TypeError)
  // @ts-expect-error
  assert.throws(() => push.tryReceive(), TypeError)
  // @ts-expect-error
  assert.throws(() => push.receiveString(), TypeError)
  // @ts-expect-error
  assert.throws(() => push.receiveJson(), TypeError)
  // @ts-expect-error
  assert.throws(() => publisher.receive(), TypeError)
  // @ts-expect-error
  assert.throws(() => publisher.subscribe(""), TypeError)
  // @ts-expect-error
  assert.throws(() => pull.send(""), TypeError)
  // @ts-expect-error
  assert.throws(() => pull.trySend(""), TypeError)
  // @ts-expect-error
  assert.throws(() => pull.sendJson({}), TypeError)
  // @ts-expect-error
  assert.throws(() => pull.subscribe(""), TypeError)
  // @ts-expect-error
  assert.throws(() => subscriber.send(""), TypeError)
  for (const name of ["receive", "tryReceive", "receiveString", "receiveJson", Symbol.asyncIterator]) {
    assert.equal(name in push, false, String(name))
    assert.equal(name in publisher, false, String(name))
  }
  for (const name of ["send", "trySend", "sendJson"]) {
    assert.equal(name in pull, false, name)
    assert.equal(name in subscriber, false, name)
  }
})

test("what goes beyond zeromq.js has its types", async () => {
  await using pair = new zmq.Pair({ linger: 0 })
  await using other = new zmq.Pair({ linger: 0 })
  pair.bindSync("inproc://typed")
  other.connect("inproc://typed")
  const { signal } = new AbortController()

  const sent = other.trySend(["one", 2, null])
  same<typeof sent, boolean>()
  const taken = pair.tryReceive()
  same<typeof taken, Buffer[] | undefined>()
  assert.deepEqual(taken?.map(String), ["one", "2", ""])

  await other.send("text", { signal })
  const text = await pair.receiveString({ signal })
  same<typeof text, string>()
  assert.equal(text, "text")

  await other.sendJson({ count: 1 }, { signal })
  const typed = await pair.receiveJson<{ count: number }>({ signal })
  same<typeof typed, { count: number }>()
  assert.deepEqual(typed, { count: 1 })
  await other.sendJson([1])
  const anything = await pair.receiveJson()
  same<typeof anything, unknown>()
  // @ts-expect-error It may be anything.
  assert.equal(anything.length, 1)

  for await (const message of sendThenLoop(other, pair)) {
    same<typeof message, Buffer[]>()
    assert.deepEqual(message.map(String), ["last"])
    break
  }
  // @ts-expect-error It takes a signal and nothing else.
  const sendOptions: zmq.SendOptions = { timeout: 5 }
  // @ts-expect-error
  const receiveOptions: zmq.ReceiveOptions = { signal: "abort" }
  void [sendOptions, receiveOptions]
})

async function* sendThenLoop(from: zmq.Writable, to: zmq.Readable): AsyncGenerator<zmq.Message[]> {
  await from.send("last")
  for await (const message of to) yield message
}

test("errors are typed by their code", async () => {
  await using dealer = new zmq.Dealer()
  const error: unknown = await dealer.bind("nonsense://host").catch((reason: unknown) => reason)
  assert.ok(error instanceof zmq.ZmqError)
  same<typeof error.code, zmq.ErrorCode>()
  same<typeof error.errno, number>()
  same<typeof error.address, string | undefined>()
  assert.equal(error.code, "EPROTONOSUPPORT")
  // @ts-expect-error No such code.
  assert.equal(error.code === "ENONSENSE", false)
})

test("the types of events know their fields", async () => {
  same<zmq.EventOfType<"bind:error">["error"], zmq.ZmqError>()
  same<zmq.EventOfType<"bind" | "end">["type"], "bind" | "end">()
  same<zmq.EventOfType, zmq.Event>()
  same<zmq.EventOfType<"accept">["peerAddress"], string | undefined>()
  same<zmq.EventOfType<"handshake">["peerSocketType"], string | undefined>()
  same<zmq.EventOfType<"disconnect">["peerRoutingId"], zmq.Frame | undefined>()
  same<zmq.EventOfType<"close">["reason"], zmq.ZmqError | undefined>()
  same<ReturnType<zmq.Socket["stats"]>, zmq.SocketStats>()
  const dealer = new zmq.Dealer()
  const { events } = dealer
  same<typeof events, zmq.Observer>()
  const ended = new Promise<string[]>((resolve) => {
    const codes: string[] = []
    const chained = events.on("bind:error", ({ error, address }) => {
      same<typeof error, zmq.ZmqError>()
      same<typeof address, string>()
      codes.push(error.code)
    })
    same<typeof chained, zmq.Observer>()
    chained.on("end", () => resolve(codes))
  })
  await assert.rejects(dealer.bind("nonsense://127.0.0.1"))
  dealer.close()
  assert.deepEqual(await within(ended, "the end of the events"), ["EPROTONOSUPPORT"])
})

test("nothing of the inside shows", () => {
  using push = new zmq.Push()
  // @ts-expect-error
  assert.ok(push.core)
  // @ts-expect-error
  assert.equal(push.observer, undefined)
  // @ts-expect-error
  assert.equal(zmq.Monitor, undefined)
  // @ts-expect-error
  assert.equal(push.nonsense, undefined)
})

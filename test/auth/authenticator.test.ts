// How it answers: callbacks, what is no request, what is told, and its own life.
import assert from "node:assert/strict"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import * as puremq from "puremq"
import { decodeProperties } from "#src/wire/command.js"
import { start } from "../interop/process.js"
import { eventually, within } from "../suites/deadline.js"
import { fails } from "./places.js"
import { curve, plain, requestFrames, startAuthenticator, ZAP_ENDPOINT } from "./zap-stage.js"

// ---- Callbacks

test("callbacks are told all that is known, and may answer later", async () => {
  await using stage = await startAuthenticator()
  const { publicKey } = puremq.curveKeyPair()
  const told: unknown[] = []
  stage.authenticator.configurePlain("town", async (credentials) => {
    told.push(credentials)
    return credentials.username === "ada"
  })
  stage.authenticator.configureCurve("*", (credentials) => {
    told.push(credentials)
    return true
  })
  assert.equal((await stage.ask({ ...plain("ada", "secret", "town"), address: "::1" })).userId, "ada")
  assert.equal(await stage.statusOf(plain("eve", "secret", "town")), "400")
  assert.equal((await stage.ask(curve(publicKey, "land"))).userId, publicKey)
  assert.deepEqual(told, [
    { username: "ada", password: "secret", domain: "town", address: "::1" },
    { username: "eve", password: "secret", domain: "town", address: "127.0.0.1" },
    { publicKey, domain: "land", address: "127.0.0.1" },
  ])
})

test("a callback may give another id, and metadata", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.configurePlain("*", () => ({
    userId: "Nr. 5",
    metadata: { "X-Role": "admin", Town: "Köln" },
  }))
  stage.authenticator.configureCurve("*", async () => ({}))
  const { publicKey } = puremq.curveKeyPair()
  assert.deepEqual(await stage.ask(curve(publicKey)), {
    status: "200",
    userId: publicKey,
    metadata: Buffer.alloc(0),
  })
  const { status, userId, metadata } = await stage.ask(plain("ada", ""))
  assert.deepEqual([status, userId], ["200", "Nr. 5"])
  assert.deepEqual(
    [...decodeProperties(metadata)].map(([name, value]) => `${name}=${value}`),
    ["X-Role=admin", "Town=Köln"],
  )
})

test("a callback's no is 400, its later 300, and its mistakes are 500, which the log and decisions tell", async () => {
  await using stage = await startAuthenticator()
  const failure = new Error("The database is away")
  const answers: [answer: unknown, status: string][] = [
    [false, "400"],
    [undefined, "400"],
    [null, "400"],
    ["later", "300"],
    [1, "500"],
    ["yes", "500"],
    [Symbol("yes"), "500"],
    [{ userId: 5 }, "500"],
    [{ metadata: { "": "" } }, "500"],
    [{ metadata: { "a b": "" } }, "500"],
    [{ metadata: { ä: "" } }, "500"],
    [{ metadata: { a: 1 } }, "500"],
    [{ metadata: null }, "500"],
  ]
  for (const later of [false, true]) {
    for (const [answer, status] of answers) {
      stage.authenticator.configurePlain("*", () => (later ? Promise.resolve(answer) : answer) as boolean)
      assert.deepEqual(
        await stage.ask(plain("ada", "")),
        { status, userId: "", metadata: Buffer.alloc(0) },
        String(answer),
      )
    }
    stage.authenticator.configurePlain("*", () => {
      if (later) return Promise.reject(failure)
      throw failure
    })
    assert.equal(await stage.statusOf(plain("ada", "")), "500")
    await eventually(async () => stage.decisions.at(-1)?.error === failure, "the decision")
    assert.match(stage.lines.at(-1) ?? "", /^ZAP 500 /)
  }
})

test("who waits for a slow callback keeps nobody else waiting", async () => {
  await using stage = await startAuthenticator()
  const waiting: (() => void)[] = []
  stage.authenticator.configurePlain("*", ({ username }) => {
    if (username === "fast") return true
    return new Promise((resolve) => waiting.push(() => resolve(true)))
  })
  // Through one socket, and each through one of its own.
  using dealer = new puremq.Dealer({ context: stage.context, linger: 0 })
  dealer.connect(ZAP_ENDPOINT)
  const ask = (id: string, username: string): Promise<void> =>
    dealer.send(["", "1.0", id, "", "", "", "PLAIN", username, ""])
  const slow = Array.from({ length: 50 }, () => stage.statusOf(plain("slow", "")))
  for (let id = 0; id < 2000; id++) await ask(`slow ${id}`, "slow")
  await ask("fast", "fast")
  const replies = async (): Promise<string> => {
    const [empty, version, id, status] = (await within(dealer.receive(), "a reply")).map(String)
    assert.deepEqual([empty, version, status], ["", "1.0", "200"])
    return id ?? ""
  }
  assert.equal(await replies(), "fast")
  assert.equal(await stage.statusOf(plain("fast", "")), "200")
  await eventually(async () => waiting.length === 2050, "all questions")
  for (const answer of waiting.reverse()) answer()
  const ids = new Set<string>()
  while (ids.size < 2000) ids.add(await replies())
  assert.deepEqual(new Set(await Promise.all(slow)), new Set(["200"]))
})

// ---- Bad requests

test("a request that is none of ZAP 1.0 gets 400, with its id", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.configurePlain("*", () => true)
  stage.authenticator.configureCurve("*", puremq.CURVE_ALLOW_ANY)
  stage.authenticator.allow("127.0.0.1")
  const key = Buffer.alloc(32, 7)
  const wrong: (string | Uint8Array)[][] = [
    ["1.0", "id"],
    ["1.0", "id", "", "127.0.0.1", ""],
    ["1.1", "id", "", "127.0.0.1", "", "NULL"],
    ["", "id", "", "127.0.0.1", "", "NULL"],
    ["1.0", "id", "", "127.0.0.1", "", ""],
    ["1.0", "id", "", "127.0.0.1", "", "GSSAPI", "ada"],
    ["1.0", "id", "", "127.0.0.1", "", "null"],
    ["1.0", "id", "", "127.0.0.1", "", "NULL", ""],
    ["1.0", "id", "", "127.0.0.1", "", "PLAIN", "ada"],
    ["1.0", "id", "", "127.0.0.1", "", "PLAIN", "ada", "", ""],
    ["1.0", "id", "", "127.0.0.1", "", "CURVE"],
    ["1.0", "id", "", "127.0.0.1", "", "CURVE", key, key],
    ["1.0", "id", "", "127.0.0.1", "", "CURVE", key.subarray(1)],
    ["1.0", "id", "", "127.0.0.1", "", "CURVE", "0".repeat(40)],
  ]
  for (const frames of wrong) {
    const [version, id, status, , userId, metadata, ...rest] = (await stage.askRaw(frames)).map(String)
    assert.deepEqual(
      [version, id, status, userId, metadata, rest],
      ["1.0", "id", "400", "", "", []],
      frames.join(),
    )
  }
  const right = await stage.askRaw(["1.0", "id", "", "127.0.0.1", "", "CURVE", key])
  assert.equal(String(right[2]), "200")
})

test("what cannot be answered is dropped, and the next request is answered", async () => {
  await using stage = await startAuthenticator()
  using dealer = new puremq.Dealer({ context: stage.context, linger: 0 })
  dealer.connect(ZAP_ENDPOINT)
  for (const frames of [["1.0"], [""], ["", "1.0"], ["no delimiter", "1.0", "id"]]) await dealer.send(frames)
  await dealer.send(["", ...requestFrames({})])
  const reply = (await within(dealer.receive(), "the reply")).map(String)
  assert.deepEqual(reply.slice(0, 4), ["", "1.0", "1", "200"])
  assert.equal(stage.lines.filter((line) => line.includes("dropped")).length, 4)
})

test("an envelope of several hops comes back with the reply", async () => {
  await using stage = await startAuthenticator()
  using dealer = new puremq.Dealer({ context: stage.context, linger: 0 })
  dealer.connect(ZAP_ENDPOINT)
  await dealer.send(["hop 2", "hop 1", "", ...requestFrames({})])
  const reply = (await within(dealer.receive(), "the reply")).map(String)
  assert.deepEqual(reply.slice(0, 6), ["hop 2", "hop 1", "", "1.0", "1", "200"])
})

// ---- What is told

test("each decision is told, with what the peer says it is, and never a password", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.configurePlain("*", { ada: "secret" })
  await stage.ask({ domain: "town" })
  await stage.ask(plain("ada", "secret"))
  await stage.ask(plain("ada\n", "hunter2"))
  stage.authenticator.deny("127.0.0.0/8")
  await stage.ask(plain("ada", "secret"))
  await eventually(async () => stage.decisions.length === 4 && stage.lines.length === 4, "the decisions")
  const usual = { domain: "", address: "127.0.0.1", mechanism: "PLAIN" }
  assert.deepEqual(stage.decisions, [
    {
      domain: "town",
      address: "127.0.0.1",
      mechanism: "NULL",
      userId: "anonymous",
      status: 200,
      reason: "OK",
    },
    { ...usual, userId: "ada", status: 200, reason: "OK" },
    { ...usual, userId: "ada\n", status: 400, reason: "Unknown user" },
    { ...usual, userId: "", status: 400, reason: "Address is denied" },
  ])
  assert.equal(stage.lines[2], 'ZAP 400 Unknown user: "PLAIN" from "127.0.0.1", domain "", user "ada\\n"')
  assert.ok(stage.lines.every((line) => !/secret|hunter2|\n/.test(line)))
})

// ---- Start and stop

test("there is one ZAP handler in a context, and each context has its own", async () => {
  await using stage = await startAuthenticator()
  await using other = await startAuthenticator()
  const second = new puremq.Authenticator({ context: stage.context })
  await assert.rejects(second.start(), fails("EADDRINUSE"))
  assert.equal(second.running, false)
  other.authenticator.deny("127.0.0.1")
  assert.equal(await stage.statusOf({}), "200")
  assert.equal(await other.statusOf({}), "400")
  stage.authenticator.stop()
  await second.start()
  assert.equal(await stage.statusOf({}), "200")
  second.stop()
})

test("it can be stopped and started again, and keeps its rules", async () => {
  await using stage = await startAuthenticator()
  const { authenticator } = stage
  authenticator.configurePlain("*", { ada: "secret" })
  await authenticator.start()
  assert.equal(authenticator.running, true)
  authenticator.stop()
  authenticator.stop()
  assert.equal(authenticator.running, false)
  const waiting = stage.statusOf(plain("ada", "secret"))
  await authenticator.start()
  assert.equal(await waiting, "200")
  {
    using _ = authenticator
  }
  assert.equal(authenticator.running, false)
})

test("a callback that answers after the stop decides nothing", async () => {
  await using stage = await startAuthenticator()
  const { authenticator } = stage
  let answer = (_: boolean): void => {}
  authenticator.configurePlain("*", () => new Promise((resolve) => (answer = resolve)))
  using dealer = new puremq.Dealer({ context: stage.context, linger: 0 })
  dealer.connect(ZAP_ENDPOINT)
  await dealer.send(["", ...requestFrames(plain("ada", ""))])
  authenticator.stop()
  await authenticator.start()
  answer(true)
  authenticator.configurePlain("*", { eve: "" })
  assert.equal(await stage.statusOf(plain("eve", "")), "200")
  await eventually(async () => stage.decisions.length > 0, "the decision")
  assert.deepEqual(
    stage.decisions.map(({ userId }) => userId),
    ["eve"],
  )
})

test("it ends with its context, and does not start in one that has ended", async () => {
  const context = new puremq.Context()
  const authenticator = new puremq.Authenticator({ context })
  assert.equal(authenticator.context, context)
  await authenticator.start()
  await within(context.term(), "the context's end")
  assert.equal(authenticator.running, false)
  await assert.rejects(authenticator.start(), fails("ETERM"))
})

test("its context is the process-wide one unless another is given", async () => {
  using authenticator = new puremq.Authenticator()
  assert.equal(authenticator.context, puremq.context)
  await authenticator.start()
  using request = new puremq.Request({ linger: 0 })
  request.connect(ZAP_ENDPOINT)
  await request.send(requestFrames({}))
  assert.equal(String((await within(request.receive(), "the reply"))[2]), "200")
})

test("wrong arguments are TypeErrors", () => {
  const make = (options: unknown): puremq.Authenticator =>
    new puremq.Authenticator(options as puremq.AuthenticatorOptions)
  for (const options of [null, 1, { context: {} }, { log: "console" }, { onDecision: true }]) {
    assert.throws(() => make(options), TypeError)
  }
  const authenticator = make({})
  for (const passwords of [undefined, "secret", { ada: 1 }, new Map([[1, "secret"]])]) {
    assert.throws(
      () => authenticator.configurePlain("*", passwords as unknown as puremq.PlainPasswords),
      TypeError,
    )
  }
  for (const clients of [undefined, 1, {}, [1]]) {
    assert.throws(() => authenticator.configureCurve("*", clients as string), TypeError)
  }
  assert.throws(() => authenticator.configurePlain(undefined as unknown as string, {}), TypeError)
  assert.throws(() => authenticator.configureCurve(undefined as unknown as string, []), TypeError)
})

test("it keeps no process alive, goes on when nobody holds it, and warns of callbacks that fail", async () => {
  const script = new URL("../process/programs/authenticator.js", import.meta.url)
  await using program = start(process.execPath, "--expose-gc", fileURLToPath(script))
  await program.success()
  assert.deepEqual(program.lines, ["500", "200"])
  assert.match(program.complaints, /Warning: ZAP 500 .*: The database is away/)
})

import assert from "node:assert/strict"
import { rmSync } from "node:fs"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type TestContext, test } from "node:test"
import { fileURLToPath } from "node:url"
import * as puremq from "puremq"
import { decodeProperties } from "#src/wire/command.js"
import { start } from "../interop/process.js"
import { eventually, within } from "../suites/deadline.js"
import { curve, from, plain, requestFrames, startAuthenticator, ZAP_ENDPOINT } from "./zap-stage.js"

function fails(code: string): (error: unknown) => boolean {
  return (error) => error instanceof puremq.ZmqError && error.code === code
}

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "puremq-authenticator-"))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

// ---- Without rules

test("without rules all peers of NULL are let in, as anonymous, and nobody else", async () => {
  await using stage = await startAuthenticator()
  const { publicKey } = puremq.curveKeyPair()
  assert.deepEqual(await stage.ask({}), { status: "200", userId: "anonymous", metadata: Buffer.alloc(0) })
  assert.equal(await stage.statusOf(plain("admin", "secret")), "400")
  assert.equal(await stage.statusOf(curve(publicKey)), "400")
})

// ---- Addresses

test("where addresses are allowed, no others are", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.allow("10.1.2.3", "192.168.0.0/16", "fe80::/10")
  for (const address of ["10.1.2.3", "192.168.255.1", "fe80::1", "::ffff:10.1.2.3", "::FFFF:c0a8:1"]) {
    assert.equal(await stage.statusOf(from(address)), "200", address)
  }
  for (const address of ["10.1.2.4", "192.169.0.1", "::1", "", "somewhere", "::10.1.2.3"]) {
    assert.equal(await stage.statusOf(from(address)), "400", address)
  }
})

test("who is denied stays out, whether allowed or not, and in whichever form the address comes", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.deny("10.0.0.0/8", "::1", "::ffff:172.16.0.0/108")
  for (const address of ["10.9.9.9", "::ffff:10.9.9.9", "::1", "0:0:0:0:0:0:0:1", "172.31.0.1"]) {
    assert.equal(await stage.statusOf(from(address)), "400", address)
  }
  for (const address of ["11.0.0.1", "::2", "", "172.32.0.1"]) {
    assert.equal(await stage.statusOf(from(address)), "200", address)
  }
  stage.authenticator.allow("10.9.9.9", "11.0.0.1")
  assert.equal(await stage.statusOf(from("10.9.9.9")), "400")
  assert.equal(await stage.statusOf(from("11.0.0.1")), "200")
  assert.equal(await stage.statusOf(from("11.0.0.2")), "400")
})

test("peers without an address are allowed and denied by an empty one", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.allow("10.1.2.3", "")
  assert.equal(await stage.statusOf(from("")), "200")
  stage.authenticator.deny("")
  assert.equal(await stage.statusOf(from("")), "400")
})

test("rules of addresses can be taken back", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.allow("10.0.0.0/8")
  stage.authenticator.deny("10.1.1.1")
  assert.equal(await stage.statusOf(from("11.0.0.1")), "400")
  stage.authenticator.forget("10.0.0.0/8", "10.1.1.1")
  assert.equal(await stage.statusOf(from("11.0.0.1")), "200")
  assert.equal(await stage.statusOf(from("10.1.1.1")), "200")
})

test("an allowed address needs its credentials all the same, and a denied one has none that do", async () => {
  await using stage = await startAuthenticator()
  let asked = 0
  stage.authenticator.configurePlain("*", ({ password }) => {
    asked++
    return password === "secret"
  })
  stage.authenticator.allow("127.0.0.1")
  assert.equal(await stage.statusOf(plain("admin", "wrong")), "400")
  assert.equal(await stage.statusOf(plain("admin", "secret")), "200")
  stage.authenticator.deny("127.0.0.1")
  assert.equal(await stage.statusOf(plain("admin", "secret")), "400")
  assert.equal(asked, 2)
})

test("what is no address is EINVAL or a TypeError, and changes nothing", async () => {
  await using stage = await startAuthenticator()
  const { authenticator } = stage
  for (const address of ["localhost", "10.0.0.0/33", "10.0.0", "10.0.0.0/", "::1/129", " 10.0.0.1"]) {
    assert.throws(() => authenticator.allow("127.0.0.2", address), fails("EINVAL"), address)
    assert.throws(() => authenticator.deny("127.0.0.1", address), fails("EINVAL"), address)
  }
  assert.throws(() => authenticator.deny(1 as unknown as string), TypeError)
  assert.equal(await stage.statusOf({}), "200")
})

// ---- PLAIN

test("PLAIN lets in by name and password, and gives the name back", async () => {
  await using stage = await startAuthenticator()
  const passwords = { admin: "secret", wörld: "pässword", empty: "" }
  stage.authenticator.configurePlain("*", passwords)
  passwords.admin = "changed"
  const answer = await stage.ask(plain("admin", "secret"))
  assert.deepEqual(answer, { status: "200", userId: "admin", metadata: Buffer.alloc(0) })
  assert.equal((await stage.ask(plain("wörld", "pässword"))).userId, "wörld")
  assert.equal(await stage.statusOf(plain("empty", "")), "200")
  for (const [name, password] of [
    ["admin", "Secret"],
    ["admin", "secre"],
    ["admin", "secrets"],
    ["admin", ""],
    ["nobody", "secret"],
    ["nobody", ""],
    ["nobody", "\0"],
    ["", ""],
    ["constructor", ""],
    ["__proto__", ""],
  ] as const) {
    assert.deepEqual(
      await stage.ask(plain(name, password)),
      { status: "400", userId: "", metadata: Buffer.alloc(0) },
      `${name}:${password}`,
    )
  }
})

test("a password is compared byte by byte, be it text or not", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.configurePlain("*", { admin: "\ufffd" })
  const question = { mechanism: "PLAIN", credentials: ["admin", Uint8Array.of(0xff)] }
  assert.equal(await stage.statusOf(question), "400")
  assert.equal(await stage.statusOf(plain("admin", "\ufffd")), "200")
})

test("a domain has passwords of its own, or those of all domains", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.configurePlain("town", new Map([["ada", "town"]]))
  assert.equal(await stage.statusOf(plain("ada", "town", "town")), "200")
  assert.equal(await stage.statusOf(plain("ada", "town", "land")), "400")
  assert.equal(await stage.statusOf(plain("ada", "town")), "400")
  stage.authenticator.configurePlain("*", { ada: "all" })
  assert.equal(await stage.statusOf(plain("ada", "all", "land")), "200")
  assert.equal(await stage.statusOf(plain("ada", "all")), "200")
  assert.equal(await stage.statusOf(plain("ada", "all", "town")), "400")
  stage.authenticator.configurePlain("town", {})
  assert.equal(await stage.statusOf(plain("ada", "town", "town")), "400")
  stage.authenticator.configurePlain("town", null)
  assert.equal(await stage.statusOf(plain("ada", "all", "town")), "200")
})

// ---- CURVE

test("CURVE lets in by key, and gives the key back", async () => {
  await using stage = await startAuthenticator()
  const [known, unknown] = [puremq.curveKeyPair().publicKey, puremq.curveKeyPair().publicKey]
  stage.authenticator.configureCurve("*", [known])
  assert.deepEqual(await stage.ask(curve(known)), {
    status: "200",
    userId: known,
    metadata: Buffer.alloc(0),
  })
  assert.equal(await stage.statusOf(curve(unknown)), "400")
  stage.authenticator.configureCurve("town", puremq.CURVE_ALLOW_ANY)
  assert.equal((await stage.ask(curve(unknown, "town"))).userId, unknown)
  assert.equal(await stage.statusOf(curve(unknown, "land")), "400")
  stage.authenticator.configureCurve("town", null)
  assert.equal(await stage.statusOf(curve(unknown, "town")), "400")
  assert.equal(await stage.statusOf(curve(known, "town")), "200")
})

test("CURVE lets in whose certificate is in a folder, as it is when the folder is given", async (t) => {
  const folder = await temporaryFolder(t)
  const { publicKey: ada } = puremq.loadCertificate(puremq.createCertificates(folder, "ada").publicFile)
  await using stage = await startAuthenticator()
  stage.authenticator.configureCurve("*", folder)
  assert.equal(await stage.statusOf(curve(ada)), "200")
  const eve = puremq.loadCertificate(puremq.createCertificates(folder, "eve").publicFile)
  assert.equal(await stage.statusOf(curve(eve.publicKey)), "400")
  stage.authenticator.configureCurve("*", folder)
  assert.equal(await stage.statusOf(curve(eve.publicKey)), "200")
  rmSync(join(folder, "ada.key"))
  stage.authenticator.configureCurve("*", folder)
  assert.equal(await stage.statusOf(curve(ada)), "400")
  // What is wrong changes nothing.
  assert.throws(() => stage.authenticator.configureCurve("*", join(folder, "none")), fails("ENOENT"))
  assert.throws(() => stage.authenticator.configureCurve("*", ["short"]), fails("EINVAL"))
  assert.equal(await stage.statusOf(curve(eve.publicKey)), "200")
})

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

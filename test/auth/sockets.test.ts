// Servers whose peers the Authenticator decides about, over real connections, with clients of ours and of libzmq.
import assert from "node:assert/strict"
import { join } from "node:path"
import { describe, test } from "node:test"
import * as puremq from "puremq"
import { unlessMissing } from "../interop/peer.js"
import { eventually, within } from "../suites/deadline.js"
import { type Library, loadZeromq, puremq as ours, type SharedApi } from "../suites/library.js"
import { temporaryFolder } from "./places.js"

type ServerOptions = puremq.SocketOptions<puremq.Pull>
type ClientOptions = puremq.SocketOptions<puremq.Push>

/** A server in a context of its own, whose peers an authenticator decides about. */
class Stage implements AsyncDisposable {
  readonly decisions: puremq.AuthenticationDecision[] = []
  readonly authenticator: puremq.Authenticator
  readonly #context = new puremq.Context()
  readonly #zmq: SharedApi
  readonly #server: puremq.Pull
  readonly #clients: puremq.Push[] = []

  private constructor(zmq: SharedApi, options: ServerOptions) {
    this.#zmq = zmq
    this.authenticator = new puremq.Authenticator({
      context: this.#context,
      onDecision: (decision) => this.decisions.push(decision),
    })
    this.#server = new puremq.Pull({ ...options, context: this.#context })
  }

  static async set(
    zmq: SharedApi,
    options: ServerOptions,
    addresses = ["tcp://127.0.0.1:*"],
  ): Promise<Stage> {
    const stage = new Stage(zmq, options)
    await stage.authenticator.start()
    for (const address of addresses) await stage.#server.bind(address)
    return stage
  }

  get port(): string {
    return new URL(this.#server.lastEndpoint as string).port
  }

  /** A client with something to say. */
  connect(text: string, options: ClientOptions = {}, address = this.#server.lastEndpoint as string): Client {
    const client = new this.#zmq.Push({ linger: 0, reconnectInterval: 1, ...options })
    this.#clients.push(client)
    const refused = new Promise<number | string>((resolve) => {
      client.events.on("handshake:error:auth", ({ error }) => resolve(error.status))
      client.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
    })
    client.connect(address)
    // What nobody lets in is never sent.
    client.send(text).catch(() => {})
    return {
      say: (more) => client.send(more),
      refused: () => within(refused, `the refusal of ${text}`),
    }
  }

  /** The next message, and what is known of who sent it. */
  async next(): Promise<{ text: string; userId: string | undefined; sender: puremq.Peer }> {
    const { message, sender } = await within(this.#server.receiveWithSender(), "a message")
    return { text: message.join(" "), userId: sender.properties.get("User-Id"), sender }
  }

  /** The address of the one decision so far. */
  async decision(): Promise<puremq.AuthenticationDecision> {
    return eventually(async () => this.decisions[0], "a decision")
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close()
    this.authenticator.stop()
    await this.#context.term()
  }
}

interface Client {
  say(text: string): Promise<void>
  /** Waits for the status that it is sent away with, or what it calls that. */
  refused(): Promise<number | string>
}

/** Libzmq's clients of PLAIN don't know an ERROR when they see one: it is misspelt there. They go away all the same. */
const UNKNOWN = "ERR_ZMTP_UNEXPECTED_COMMAND"

/** A client of NULL of libzmq's that hears ERROR before it has sent its READY would come again. */
const once: ClientOptions = { reconnectInterval: -1 }

function playWith({ name, zmq }: Library): void {
  const plainly = (status: number): number | string => (name === "zeromq" ? UNKNOWN : status)

  test("PLAIN lets in who knows the password, and sends the others away for good", async () => {
    await using stage = await Stage.set(zmq, { plainServer: true, zapDomain: "town" })
    stage.authenticator.configurePlain("town", { ada: "secret" })
    const wrong = stage.connect("wrong", { plainUsername: "ada", plainPassword: "guess" })
    assert.equal(await wrong.refused(), plainly(400))
    const nobody = stage.connect("nobody", { plainUsername: "eve", plainPassword: "secret" })
    assert.equal(await nobody.refused(), plainly(400))
    stage.connect("right", { plainUsername: "ada", plainPassword: "secret" })
    const { text, userId } = await stage.next()
    assert.deepEqual([text, userId], ["right", "ada"])
    assert.deepEqual(
      stage.decisions.map(({ status, domain, address, mechanism }) => [status, domain, address, mechanism]),
      [400, 400, 200].map((status) => [status, "town", "127.0.0.1", "PLAIN"]),
    )
  })

  test("CURVE lets in whose certificate is in the folder, also one that comes while the server runs", async (t) => {
    const folder = temporaryFolder(t)
    const serverKeys = puremq.curveKeyPair()
    const keysOf = (file: string): ClientOptions => {
      const { publicKey, secretKey = "" } = puremq.loadCertificate(file)
      return { curvePublicKey: publicKey, curveSecretKey: secretKey, curveServerKey: serverKeys.publicKey }
    }
    const ada = keysOf(puremq.createCertificates(folder, "ada").secretFile)
    const eve = keysOf(puremq.createCertificates(temporaryFolder(t), "eve").secretFile)
    await using stage = await Stage.set(zmq, { curveServer: true, curveSecretKey: serverKeys.secretKey })
    stage.authenticator.configureCurve("*", folder)
    assert.equal(await stage.connect("from eve", eve).refused(), 400)
    const known = stage.connect("from ada", ada)
    const { text, userId } = await stage.next()
    assert.deepEqual([text, userId], ["from ada", ada.curvePublicKey])

    const bob = keysOf(puremq.createCertificates(folder, "bob").secretFile)
    assert.equal(await stage.connect("too early", bob).refused(), 400)
    stage.authenticator.configureCurve("*", folder)
    stage.connect("from bob", bob)
    assert.equal((await stage.next()).userId, bob.curvePublicKey)
    stage.authenticator.configureCurve("*", puremq.CURVE_ALLOW_ANY)
    stage.connect("from eve, again", eve)
    assert.equal((await stage.next()).userId, eve.curvePublicKey)
    // Who is in stays in.
    stage.authenticator.configureCurve("*", [])
    await known.say("still ada")
    const still = await stage.next()
    assert.deepEqual([still.text, still.userId], ["still ada", ada.curvePublicKey])
    assert.deepEqual(
      stage.decisions.map(({ status }) => status),
      [400, 200, 400, 200, 200],
    )
  })

  test("NULL with a domain goes by addresses, which may change while the server runs", async () => {
    await using stage = await Stage.set(zmq, { zapDomain: "town" })
    stage.authenticator.deny("127.0.0.0/8")
    assert.equal(await stage.connect("denied", once).refused(), 400)
    stage.authenticator.forget("127.0.0.0/8")
    stage.authenticator.allow("127.0.0.1")
    stage.connect("allowed")
    const { text, userId } = await stage.next()
    assert.deepEqual([text, userId], ["allowed", "anonymous"])
    assert.deepEqual(
      stage.decisions.map(({ status, mechanism }) => `${status} ${mechanism}`),
      ["400 NULL", "200 NULL"],
    )
  })

  test("an address of IPv4 is known on a socket of IPv6", async () => {
    await using stage = await Stage.set(zmq, { zapDomain: "town", ipv6: true }, ["tcp://*:*"])
    stage.authenticator.deny("127.0.0.1")
    assert.equal(await stage.connect("denied", once, `tcp://127.0.0.1:${stage.port}`).refused(), 400)
    assert.match((await stage.decision()).address, /127\.0\.0\.1$/)
  })

  test("who is told to come later does, until it is let in; who is refused does not", async () => {
    await using stage = await Stage.set(zmq, { plainServer: true })
    let open = false
    let asked = 0
    stage.authenticator.configurePlain("*", async ({ username }) => {
      if (username === "never") return false
      asked++
      return open || "later"
    })
    const never = stage.connect("never", { plainUsername: "never", plainPassword: "-" })
    assert.equal(await never.refused(), plainly(400))
    stage.connect("patient", { plainUsername: "patient", plainPassword: "-" })
    await eventually(async () => asked >= 10, "ten attempts")
    open = true
    const { text, userId } = await stage.next()
    assert.deepEqual([text, userId], ["patient", "patient"])
    assert.equal(stage.decisions.filter(({ userId }) => userId === "never").length, 1)
  })

  test("a callback's metadata comes with the messages, and its failure is 500 to the client", async () => {
    await using stage = await Stage.set(zmq, { plainServer: true })
    stage.authenticator.configurePlain("*", ({ username }) => {
      if (username === "eve") throw new Error("The database is away")
      return { userId: "Nr. 5", metadata: { "X-Role": "admin" } }
    })
    const eve = stage.connect("eve", { plainUsername: "eve", plainPassword: "-" })
    assert.equal(await eve.refused(), plainly(500))
    stage.connect("ada", { plainUsername: "ada", plainPassword: "-" })
    const { sender, userId } = await stage.next()
    assert.deepEqual([userId, sender.properties.get("X-Role")], ["Nr. 5", "admin"])
  })

  test("a crowd comes in while one callback takes its time", async () => {
    await using stage = await Stage.set(zmq, { plainServer: true })
    let answer = (_: boolean): void => {}
    stage.authenticator.configurePlain("*", ({ username }) => {
      return username === "slow" ? new Promise((resolve) => (answer = resolve)) : true
    })
    stage.connect("slow", { plainUsername: "slow", plainPassword: "-" })
    const names = Array.from({ length: 40 }, (_, index) => `client ${index}`)
    for (const name of names) stage.connect(name, { plainUsername: name, plainPassword: "-" })
    const heard = new Set<string>()
    while (heard.size < names.length) {
      const { text, userId } = await stage.next()
      assert.equal(text, userId)
      heard.add(text)
    }
    assert.deepEqual(heard, new Set(names))
    answer(true)
    assert.equal((await stage.next()).text, "slow")
  })

  test("a client whose callback never answers is hung up on, and may come again", async () => {
    await using stage = await Stage.set(zmq, { plainServer: true, handshakeInterval: 50 })
    const answers: ((answer: boolean) => void)[] = []
    stage.authenticator.configurePlain("*", () => new Promise((resolve) => answers.push(resolve)))
    const client = stage.connect("patient", { plainUsername: "ada", plainPassword: "-" })
    await eventually(async () => answers.length >= 2, "a second attempt")
    stage.authenticator.configurePlain("*", () => true)
    // Nobody waits for these any more, or the one that does is let in by it.
    for (const answer of answers) answer(false)
    const told = await Promise.race([stage.next().then(({ text }) => text), client.refused()])
    assert.ok(told === "patient" || told === plainly(400), String(told))
  })

  const noIpc = process.platform === "win32" && "there is no ipc on Windows"

  test("peers over ipc have no address", { skip: noIpc }, async (t) => {
    const address = `ipc://${join(temporaryFolder(t), "socket")}`
    await using stage = await Stage.set(zmq, { zapDomain: "town" }, [address])
    stage.authenticator.allow("127.0.0.1")
    assert.equal(await stage.connect("denied", once).refused(), 400)
    assert.equal((await stage.decision()).address, "")
    stage.authenticator.allow("")
    stage.connect("allowed")
    assert.equal((await stage.next()).text, "allowed")
  })
}

describe("clients of puremq", () => playWith(ours))

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

describe("clients of libzmq", { skip }, () => {
  if (typeof zeromq !== "string") playWith(zeromq)
})

test("a server of PLAIN lets in nobody without an authenticator, and goes by the next one at once", async () => {
  await using stage = await Stage.set(ours.zmq, { plainServer: true })
  stage.authenticator.configurePlain("*", { ada: "secret" })
  stage.authenticator.stop()
  stage.connect("patient", { plainUsername: "ada", plainPassword: "secret" })
  await stage.authenticator.start()
  assert.equal((await stage.next()).text, "patient")
})

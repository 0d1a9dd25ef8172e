// pyzmq behind NULL with ZAP, PLAIN and CURVE: as server with its own authenticator, as client at ours.
import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import * as puremq from "puremq"
import { type Answerer, authenticateAll } from "../auth/everybody.js"
import { curveClient, curveServer, plainClient, plainServer } from "../security/secured-stage.js"
import { EventLog } from "../wire/wire-stage.js"
import { findPython, unlessMissing } from "./peer.js"
import { type Remote, type RemoteSocket, startPython } from "./remote.js"

type Options = Record<string, number | string>
interface Mechanism {
  readonly ours: { readonly server: object; readonly client: object }
  readonly theirs: { readonly server: Options; readonly client: Options }
  /** What a client says that is not known; there is none for NULL. */
  readonly stranger?: { readonly ours: object; readonly theirs: Options }
}

const zapDomain = "a domain"
const other = puremq.curveKeyPair()
const keys = { CURVE_PUBLICKEY: curveClient.curvePublicKey, CURVE_SECRETKEY: curveClient.curveSecretKey }
const mechanisms: Record<string, Mechanism> = {
  "NULL with ZAP": {
    ours: { server: { zapDomain }, client: {} },
    theirs: { server: { ZAP_DOMAIN: zapDomain }, client: {} },
  },
  PLAIN: {
    ours: { server: plainServer, client: plainClient },
    theirs: {
      server: { PLAIN_SERVER: 1 },
      client: { PLAIN_USERNAME: plainClient.plainUsername, PLAIN_PASSWORD: plainClient.plainPassword },
    },
    stranger: {
      ours: { ...plainClient, plainPassword: "wrong" },
      theirs: { PLAIN_USERNAME: plainClient.plainUsername, PLAIN_PASSWORD: "wrong" },
    },
  },
  CURVE: {
    ours: { server: curveServer, client: curveClient },
    theirs: {
      server: { CURVE_SERVER: 1, CURVE_SECRETKEY: curveServer.curveSecretKey },
      client: { ...keys, CURVE_SERVERKEY: curveClient.curveServerKey },
    },
    stranger: {
      ours: { ...curveClient, curvePublicKey: other.publicKey, curveSecretKey: other.secretKey },
      theirs: {
        CURVE_PUBLICKEY: other.publicKey,
        CURVE_SECRETKEY: other.secretKey,
        CURVE_SERVERKEY: curveClient.curveServerKey,
      },
    },
  },
}

/** Frames around each boundary of a MESSAGE, up to a large one. */
const messages: Buffer[][] = [
  ...[0, 1, 222, 223, 255, 256, 65_536].map((size) => [Buffer.alloc(size, size % 251)]),
  [Buffer.from("two"), Buffer.from("frames")],
  [Buffer.alloc(0), Buffer.from("behind an empty one"), Buffer.alloc(0)],
]
const large = [Buffer.alloc(5_000_000, 7)]

const python = findPython()

describe("pyzmq", unlessMissing(typeof python === "string" ? python : undefined), () => {
  let remote: Remote
  let answerer: Answerer
  before(async () => {
    remote = startPython(python as Exclude<typeof python, string>)
    await remote.authenticate(
      plainClient.plainUsername,
      plainClient.plainPassword,
      curveClient.curvePublicKey,
    )
    answerer = authenticateAll(puremq)
  })
  after(async () => {
    answerer.close()
    await remote[Symbol.asyncDispose]()
  })

  const open = async (type: string, options: Options): Promise<RemoteSocket> => {
    const socket = await remote.open(type)
    for (const [name, value] of Object.entries(options)) await socket.set(name, value)
    return socket
  }

  for (const [name, { ours, theirs, stranger }] of Object.entries(mechanisms)) {
    for (const server of ["we", "it"] as const) {
      const mine = () => (server === "we" ? { context: answerer.context, ...ours.server } : ours.client)
      const its = server === "we" ? theirs.client : theirs.server
      const connected = async (we: puremq.Socket, it: RemoteSocket): Promise<void> => {
        if (server === "it") {
          we.connect(await it.bind())
        } else {
          await we.bind("tcp://127.0.0.1:*")
          await it.connect(we.lastEndpoint ?? "")
        }
      }

      test(`${name}: DEALER and REP, ${server} the server`, async () => {
        using dealer = new puremq.Dealer({ linger: 0, ...mine() })
        const rep = await open("REP", its)
        await connected(dealer, rep)
        for (const message of [...messages, large]) {
          await dealer.send(["", ...message])
          assert.deepEqual(await rep.receive(), message)
          await rep.send(message === large ? ["got it"] : message)
          const [delimiter, ...answer] = await dealer.receive()
          assert.equal(delimiter?.length, 0)
          assert.deepEqual(answer, message === large ? [Buffer.from("got it")] : message)
        }
        await rep.close()
      })

      test(`${name}: its XPUB hears what our SUB asks for, ${server} the server`, async () => {
        using subscriber = new puremq.Subscriber(mine())
        subscriber.subscribe("news.")
        const publisher = await open("XPUB", its)
        await connected(subscriber, publisher)
        assert.deepEqual(await publisher.receive(), [Buffer.from("\x01news.")])
        await publisher.send(["weather.rain"])
        await publisher.send(["news.one", "frame"])
        assert.deepEqual((await subscriber.receive()).map(String), ["news.one", "frame"])
        subscriber.unsubscribe("news.")
        assert.deepEqual(await publisher.receive(), [Buffer.from("\0news.")])
        await publisher.close()
      })

      // A SUB of libzmq's that binds and has its clients asked about loses its subscriptions, with its own XPUB too.
      if (server === "we") {
        test(`${name}: its SUB gets the topics of our XPUB that it asked for`, async () => {
          using publisher = new puremq.XPublisher({ linger: 0, ...mine() })
          const subscriber = await open("SUB", its)
          await subscriber.subscribe("news.")
          await connected(publisher, subscriber)
          assert.deepEqual(await publisher.receive(), [Buffer.from("\x01news.")])
          await publisher.send("weather.rain")
          await publisher.send(["news.one", "frame"])
          assert.deepEqual((await subscriber.receive()).map(String), ["news.one", "frame"])
          await subscriber.close()
          assert.deepEqual(await publisher.receive(), [Buffer.from("\0news.")])
        })
      }

      if (stranger === undefined) continue
      test(`${name}: a stranger stays outside, ${server} the server`, async () => {
        const options = server === "we" ? mine() : stranger.ours
        using dealer = new puremq.Dealer({ linger: 0, ...options })
        const events = new EventLog(dealer)
        const rep = await open("REP", server === "we" ? stranger.theirs : its)
        await connected(dealer, rep)
        assert.equal((await events.next("handshake:error:auth")).error.status, 400)
        assert.ok(!events.types.includes("handshake"))
        await rep.close()
      })
    }
  }
})

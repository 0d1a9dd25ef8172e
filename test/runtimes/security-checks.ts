// Keys, PLAIN and CURVE.
import { Authenticator, Context, curveKeyPair, curvePublicKey, Pair, type SocketOptions } from "puremq"
import { body, type Check, type Checks, type Ground, same, sameBytes, texts, within } from "./check.js"

const keys: Check = async () => {
  const pair = curveKeyPair()
  same([pair.publicKey.length, pair.secretKey.length], [40, 40])
  same(curvePublicKey(pair.secretKey), pair.publicKey)
}

/** Who is let in talks, who is not is told of. */
async function guarded(
  { keep }: Ground,
  rules: (authenticator: Authenticator) => void,
  server: SocketOptions<Pair>,
  friend: SocketOptions<Pair>,
  stranger: SocketOptions<Pair>,
): Promise<void> {
  for (const address of ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"]) {
    const context = new Context()
    const authenticator = new Authenticator({ context })
    keep({ close: () => authenticator.stop() })
    rules(authenticator)
    await authenticator.start()
    const common = { linger: 0, context }
    const bound = keep(new Pair({ ...common, ...server }))
    await bound.bind(address)
    const out = keep(new Pair({ ...common, ...stranger }))
    const refused = new Promise<void>((resolve) => out.events.on("handshake:error:auth", () => resolve()))
    out.connect(bound.lastEndpoint as string)
    await within(refused, `the refusal over ${address}`)
    out.close()
    const guest = keep(new Pair({ ...common, ...friend }))
    guest.connect(bound.lastEndpoint as string)
    const large = body(300_000)
    await guest.send(["hello", large])
    const [text, bytes] = await bound.receive()
    same(String(text), "hello")
    sameBytes(bytes, large)
    await bound.send("welcome")
    same(texts(await guest.receive()), ["welcome"])
  }
}

const plain: Check = (ground) =>
  guarded(
    ground,
    (authenticator) => authenticator.configurePlain("*", { user: "secret" }),
    { plainServer: true },
    { plainUsername: "user", plainPassword: "secret" },
    { plainUsername: "user", plainPassword: "wrong" },
  )

const curve: Check = (ground) => {
  const [server, friend, stranger] = [curveKeyPair(), curveKeyPair(), curveKeyPair()]
  const client = (pair: typeof friend): SocketOptions<Pair> => ({
    curveServerKey: server.publicKey,
    curvePublicKey: pair.publicKey,
    curveSecretKey: pair.secretKey,
  })
  return guarded(
    ground,
    (authenticator) => authenticator.configureCurve("*", [friend.publicKey]),
    { curveServer: true, curveSecretKey: server.secretKey },
    client(friend),
    client(stranger),
  )
}

export const securityChecks: Checks = {
  "keys of CURVE": keys,
  "PLAIN with an Authenticator": plain,
  "CURVE with an Authenticator": curve,
}

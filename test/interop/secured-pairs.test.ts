// The pairs with mechanisms: who binds is the server, and has an authenticator who looks at names, passwords and keys.
import { after } from "node:test"
import { type Answerer, authenticateAll } from "../auth/everybody.js"
import { curveClient, curveServer, plainClient, plainServer } from "../security/secured-stage.js"
import type { SharedApi } from "../suites/library.js"
import { messagesOf, pairs, playPairs } from "./pairs.js"

/** One authenticator for each library, in a context of its own. */
const answerers = new Map<SharedApi, Answerer>()

function contextOf(library: SharedApi): object {
  let answerer = answerers.get(library)
  if (answerer === undefined) answerers.set(library, (answerer = authenticateAll(library)))
  return { context: answerer.context, zapDomain: "a domain" }
}

after(() => {
  for (const answerer of answerers.values()) answerer.close()
})

const sizes = [0, 1, 222, 223, 255, 256, 65_535, 65_536]
const tcp = ["tcp://127.0.0.1:*"]
/** One way, both ways, and with subscriptions. */
const some = pairs.filter(([{ from, to }]) =>
  ["Push Pull", "Dealer Router", "XPublisher Subscriber"].includes(`${from} ${to}`),
)
const one = pairs.filter(([{ from, to }]) => from === "Dealer" && to === "Router")

// Nobody is asked here: a REQ of libzmq's that binds and has its clients asked about drops them, be they libzmq's too.
playPairs({
  name: "CURVE, unasked: ",
  pairs,
  addresses: tcp,
  messages: messagesOf(sizes),
  binder: () => curveServer,
  connecter: () => curveClient,
})

const mechanisms: Record<string, { server: object; client: object }> = {
  "NULL with ZAP: ": { server: {}, client: {} },
  "PLAIN: ": { server: plainServer, client: plainClient },
  "CURVE: ": { server: curveServer, client: curveClient },
}

for (const [name, { server, client }] of Object.entries(mechanisms)) {
  const run = {
    name,
    binder: (library: SharedApi) => ({ ...contextOf(library), ...server }),
    connecter: () => client,
  }
  playPairs({ ...run, pairs: some, addresses: tcp, messages: messagesOf(sizes) })
  playPairs({ ...run, pairs: one, addresses: ["ipc://*"], messages: messagesOf([0, 65_536]) })
  playPairs({ ...run, name: `large, ${name}`, pairs: one, addresses: tcp, messages: messagesOf([5_000_000]) })
}

// Who knows all that are honest: our Authenticator, or by hand where the library has none.
import * as puremq from "puremq"
import { clientPair } from "../security/curve-stage.js"
import { plainClient } from "../security/secured-stage.js"
import type { SharedApi } from "../suites/library.js"

export interface Answerer {
  readonly context: InstanceType<SharedApi["Context"]>
  close(): void
}

/** Lets in the client of PLAIN and the one of CURVE, and everybody who shows nothing. */
export function authenticateAll(library: SharedApi): Answerer {
  const context = new library.Context()
  if (library === puremq) {
    const authenticator = new puremq.Authenticator({ context })
    authenticator.configurePlain("*", { [plainClient.plainUsername]: plainClient.plainPassword })
    authenticator.configureCurve("*", ({ publicKey }) => publicKey === puremq.z85Encode(clientPair.publicKey))
    void authenticator.start()
    return { context, close: () => authenticator.stop() }
  }
  const handler = new library.Reply({ context, linger: 0 })
  const serve = async (): Promise<void> => {
    await handler.bind("inproc://zeromq.zap.01")
    for await (const [version = "", id = "", , , , mechanism = "", ...credentials] of handler) {
      const right =
        `${mechanism}` === "NULL" ||
        (`${mechanism}` === "PLAIN" && credentials.join() === Object.values(plainClient).join()) ||
        (`${mechanism}` === "CURVE" && credentials[0]?.equals(clientPair.publicKey))
      await handler.send([version, id, right ? "200" : "400", "", "somebody", ""])
    }
  }
  serve().catch(() => {})
  return { context, close: () => handler.close() }
}

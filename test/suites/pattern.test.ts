import { describe } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq, puremq } from "./library.js"
import { dealerRouterScenarios } from "./pattern-dealer-router.js"
import { highWaterMarkScenarios } from "./pattern-high-water-mark.js"
import { pairScenarios } from "./pattern-pair.js"
import { pushPullScenarios } from "./pattern-push-pull.js"
import { requestReplyScenarios } from "./pattern-request-reply.js"
import { requestReplyLossScenarios } from "./pattern-request-reply-loss.js"
import { routerDeliveryScenarios } from "./pattern-router-delivery.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

// What passes on libzmq, by way of npm zeromq, must pass here: that is how a scenario is itself proved right.
for (const library of [zeromq, puremq]) {
  for (const transport of ["tcp", "ipc", "inproc"] as const) {
    const name = typeof library === "string" ? "zeromq" : library.name
    describe(`${name} over ${transport}`, { skip: typeof library === "string" && skip }, () => {
      if (typeof library === "string") return
      pushPullScenarios({ library, transport })
      requestReplyScenarios({ library, transport })
      requestReplyLossScenarios({ library, transport })
      dealerRouterScenarios({ library, transport })
      routerDeliveryScenarios({ library, transport })
      pairScenarios({ library, transport })
      highWaterMarkScenarios({ library, transport })
    })
  }
}

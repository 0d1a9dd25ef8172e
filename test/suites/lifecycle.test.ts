import { describe } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq, puremq } from "./library.js"
import { closeScenarios } from "./lifecycle-close.js"
import { endpointScenarios } from "./lifecycle-endpoints.js"
import { immediateScenarios } from "./lifecycle-immediate.js"
import { killScenarios } from "./lifecycle-kill.js"
import { lingerScenarios } from "./lifecycle-linger.js"
import { reconnectScenarios } from "./lifecycle-reconnect.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

// As with the patterns: what passes on libzmq must pass here.
for (const library of [zeromq, puremq]) {
  for (const transport of ["tcp", "ipc", "inproc"] as const) {
    const name = typeof library === "string" ? "zeromq" : library.name
    describe(`${name} over ${transport}`, { skip: typeof library === "string" && skip }, () => {
      if (typeof library === "string") return
      reconnectScenarios({ library, transport })
      killScenarios({ library, transport })
      immediateScenarios({ library, transport })
      endpointScenarios({ library, transport })
      lingerScenarios({ library, transport })
      closeScenarios({ library, transport })
    })
  }
}

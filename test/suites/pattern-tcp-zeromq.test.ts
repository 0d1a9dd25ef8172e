import { describe } from "node:test"
import { loadZeromq } from "./library.js"
import { highWaterMarkScenarios } from "./pattern-high-water-mark.js"
import { pushPullScenarios } from "./pattern-push-pull.js"

const library = loadZeromq()
if (typeof library === "string") throw new Error(library)
for (const transport of ["tcp", "ipc", "inproc"] as const) {
  describe(`${library.name} over ${transport}`, () => {
    pushPullScenarios({ library, transport })
    highWaterMarkScenarios({ library, transport })
  })
}

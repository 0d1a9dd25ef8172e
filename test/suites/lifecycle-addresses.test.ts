import { describe } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq, puremq } from "./library.js"
import { addressScenarios } from "./lifecycle-addresses.js"
import { badAddressScenarios } from "./lifecycle-bad-addresses.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

// As with the patterns: what passes on libzmq must pass here.
for (const library of [zeromq, puremq]) {
  const name = typeof library === "string" ? "zeromq" : library.name
  for (const transport of ["tcp", "ipc", "inproc"] as const) {
    describe(`${name}: addresses of ${transport}`, { skip: typeof library === "string" && skip }, () => {
      if (typeof library !== "string") addressScenarios({ library, transport })
    })
  }
  describe(`${name}: bad addresses`, { skip: typeof library === "string" && skip }, () => {
    if (typeof library !== "string") badAddressScenarios({ library, transport: "inproc" })
  })
}

import { describe } from "node:test"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq, puremq, puremqModules } from "./library.js"
import type { Setting } from "./stage.js"

/**
 * Plays scenarios with both libraries over every transport. What passes on libzmq, by way of npm zeromq, must
 * pass here: that is how a scenario is itself proved right. Over inproc puremq plays them once more, with each socket as
 * in a thread of its own.
 */
export function playEverywhere(...suites: readonly ((setting: Setting) => void)[]): void {
  const zeromq = loadZeromq()
  const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)
  for (const library of [zeromq, puremq]) {
    for (const transport of ["tcp", "ipc", "inproc", "ws"] as const) {
      const name = typeof library === "string" ? "zeromq" : library.name
      describe(`${name} over ${transport}`, { skip: typeof library === "string" && skip }, () => {
        if (typeof library !== "string") for (const suite of suites) suite({ library, transport })
      })
    }
  }
  describe("puremq over inproc across threads", () => {
    for (const suite of suites) suite({ library: puremqModules, transport: "inproc", acrossThreads: true })
  })
}

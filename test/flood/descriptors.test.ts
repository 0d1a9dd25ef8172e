// A process that may open few files, and more connections than that: nobody is lost who is there, others get in later.
import assert from "node:assert/strict"
import { type ChildProcess, spawn } from "node:child_process"
import { readdirSync } from "node:fs"
import { test } from "node:test"
import { fromRoot } from "../interop/package-root.js"
import { eventually, within } from "../suites/deadline.js"
import { eventsOf, start, told } from "./flood.js"
import { HonestPeers } from "./honest.js"
import type { AttackerPlan, ServerPlan } from "./plan.js"

const FILES = 80
const skip = process.platform !== "linux" && "only Linux tells what files a process has"

function startPoor(plan: ServerPlan): ChildProcess {
  const program = [process.execPath, fromRoot("build/test/flood/server.js"), JSON.stringify(plan)]
  const command = `ulimit -n ${FILES} && exec "$@"`
  return spawn("sh", ["-c", command, "sh", ...program], { stdio: ["ignore", "inherit", "inherit", "ipc"] })
}

function filesOf({ pid }: ChildProcess): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

test("a listener that runs out of files serves who is there, and goes on to accept", {
  skip,
  timeout: 120_000,
}, async () => {
  const server = startPoor({ kind: "Router", options: { maxHandshakes: 0 } })
  const { address } = (await told(server)) as { address: string }
  const regulars = new HonestPeers("Router", address)
  const newcomers = new HonestPeers("Router", address)
  const attacker = start("attacker", { attack: "silence", address, connections: 200 } satisfies AttackerPlan)
  try {
    await regulars.come()
    // libuv hangs up on who comes then, and tells nobody.
    await eventually(async () => filesOf(server) >= FILES - 2, "the server to run out of files")
    await regulars.serve()
    attacker.kill("SIGKILL")
    await newcomers.come()
    await regulars.serve()
  } finally {
    for (const peers of [regulars, newcomers]) peers.leave()
    attacker.kill("SIGKILL")
    server.kill("SIGKILL")
  }
})

test("with fewer handshakes than files newcomers are served too", { skip, timeout: 120_000 }, async () => {
  const server = startPoor({ kind: "Router", options: { maxHandshakes: 10 } })
  const { address } = (await told(server)) as { address: string }
  const honest = new HonestPeers("Router", address)
  const attacker = start("attacker", { attack: "silence", address, connections: 200 } satisfies AttackerPlan)
  try {
    await within(new Promise((resolve) => attacker.once("message", resolve)), "all attackers to come", 60_000)
    await honest.come()
    const seen = await eventsOf(server)
    assert.ok((seen["handshake:error:other ENOBUFS"] ?? 0) > 0, JSON.stringify(seen))
  } finally {
    honest.leave()
    attacker.kill("SIGKILL")
    server.kill("SIGKILL")
  }
})

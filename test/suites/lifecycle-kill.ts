// Peers that die without a word, killed in the middle of a stream: what arrives is whole, in order and never
// twice; lost is only what was under way.
import assert from "node:assert/strict"
import { type Program, startNode } from "../interop/process.js"
import { eventually, within } from "./deadline.js"
import { type Setting, scenario } from "./stage.js"
import { assertRow, parseStreamed, streamed } from "./streamed.js"
import { takeFrames } from "./talk.js"

export function killScenarios(setting: Setting): void {
  // The peer is another process.
  if (setting.transport === "inproc") return

  const peer = (
    role: "send" | "receive",
    side: "bind" | "connect",
    address: string,
    series = "",
  ): Program => {
    const script = new URL("./streaming-peer.js", import.meta.url)
    return startNode(script, setting.library.name, role, side, address, series)
  }

  for (const side of ["bind", "connect"] as const) {
    scenario(setting, `a sender that would ${side} is killed, and another comes`, async (stage) => {
      const pull = stage.open("Pull", { reconnectInterval: 10 })
      const address = side === "bind" ? await stage.vacant() : await stage.bind(pull)
      if (side === "bind") pull.connect(address)
      const taken: Record<string, number[]> = { first: [], second: [] }
      for (const series of ["first", "second"]) {
        await using program = peer("send", side, address, series)
        while ((taken[series]?.length ?? 0) < 300) {
          const message = parseStreamed(await takeFrames(pull, `a message from the ${series} sender`))
          taken[message.series]?.push(message.number)
        }
        await program.kill()
      }
      for (const [series, numbers] of Object.entries(taken)) {
        assert.equal(numbers[0], 0)
        assertRow(numbers, `the stream of the ${series} sender`)
      }
    })
  }

  scenario(setting, "a receiver is killed, and its successor gets what follows", async (stage) => {
    const push = stage.open("Push", { reconnectInterval: 10, sendHighWaterMark: 50 })
    const address = await stage.vacant()
    push.connect(address)
    let done = false
    const sending = (async () => {
      for (let number = 0; !done; number += 1) await push.send(streamed("", number))
    })()
    const lives: number[][] = []
    for (const life of ["first", "second"]) {
      await using program = peer("receive", "bind", address)
      await eventually(async () => program.lines.length > 300, `the ${life} receiver to tell of 300 messages`)
      // The second goes on until the sender has seen that it may stop.
      if (life === "second") {
        done = true
        await within(sending, "the last message to be taken")
      }
      await program.kill()
      lives.push(program.lines.map(Number))
    }
    const [first = [], second = []] = lives
    assert.equal(first[0], 0)
    assertRow(first, "the first receiver")
    assertRow(second, "the second receiver")
    assert.ok((second[0] ?? 0) > (first.at(-1) ?? Infinity), "the second receiver got what the first had had")
  })
}

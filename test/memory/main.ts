// What memory a peer that does not read costs, and what frames that a user keeps do.
//
//   npm run test:memory -- [--seconds 10] [--gigabytes 10]
import { parseArgs } from "node:util"
import { LARGEST_CHUNK } from "#src/wire/chunk-plan.js"
import { drawTable } from "../../bench/table.js"
import { loadZeromq, puremq } from "../suites/library.js"
import { keep } from "./kept.js"
import { publish, route } from "./neighbours.js"
import { publishProxied, routeProxied, streamProxied } from "./proxied.js"
import { stall } from "./stalled.js"

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "10" }, gigabytes: { type: "string", default: "10" } },
})
const milliseconds = Number(values.seconds) * 1000
/** What a collector may leave for later, and a tuned buffer take. */
const ALLOWED_RISE = 8 << 20
const KEPT = 10_000
const PROXIED = 1_000_000

let failed = false
function judge(ok: boolean): string {
  failed ||= !ok
  return ok ? "ok" : "FAILED"
}

const zeromq = loadZeromq()
if (typeof zeromq === "string") console.log(zeromq)
const readers = typeof zeromq === "string" ? [puremq] : [puremq, zeromq]
const stalls: string[][] = []
for (const reader of readers) {
  for (const transport of ["tcp", "ipc", "ws"] as const) {
    for (const [size, mark] of [
      [16, 1000],
      [16, 10],
      [1 << 20, 1000],
      [1 << 20, 10],
    ] as const) {
      const { accepted, bound, risen } = await stall({ transport, size, mark, milliseconds, reader })
      const verdict = judge(accepted <= bound && risen <= ALLOWED_RISE)
      stalls.push([reader.name, transport, ...[size, mark, accepted, bound, risen].map(String), verdict])
    }
  }
}
console.log(
  drawTable(["stalled PULL", "over", "bytes", "marks", "accepted", "at most", "risen by", ""], stalls),
)

const kinds = {
  "PUB, SUB": publish,
  "ROUTER, DEALER": (plan: Parameters<typeof route>[0]) => route(plan, false),
  "mandatory ROUTER, DEALER": (plan: Parameters<typeof route>[0]) => route(plan, true),
}
const neighbours: string[][] = []
for (const [name, play] of Object.entries(kinds)) {
  for (const transport of ["tcp", "ipc", "ws"] as const) {
    for (const mark of [10, 1000]) {
      const { sent, kept, bound, risen } = await play({ transport, size: 4096, mark, milliseconds })
      const verdict = judge(kept <= bound && risen <= ALLOWED_RISE)
      neighbours.push([name, transport, ...[mark, sent, kept, bound, risen].map(String), verdict])
    }
  }
}
console.log(
  drawTable(["one of two stalled", "over", "mark", "sent", "kept", "at most", "risen by", ""], neighbours),
)

const devices = { "ROUTER, DEALER": routeProxied, "PULL, PUSH": streamProxied, "XSUB, XPUB": publishProxied }
const proxies: string[][] = []
for (const [name, play] of Object.entries(devices)) {
  for (const mark of [100, 1000]) {
    const { received, risen } = await play({ count: PROXIED, mark })
    proxies.push([name, ...[mark, received, risen].map(String), judge(risen <= ALLOWED_RISE)])
  }
}
console.log(drawTable(["proxy with a slow side", "marks", "passed on", "risen by", ""], proxies))

for (const sizes of [[64, 1024, 65_536], [1024]]) {
  const { bytes, kept, each } = await keep(KEPT, Number(values.gigabytes) * 1e9, sizes)
  // A frame keeps its chunk alive, and nothing else.
  const verdict = judge(kept === KEPT && each <= 1.1 * LARGEST_CHUNK)
  console.log(
    `${kept} frames of ${sizes[0]} B kept among ${(bytes / 1e9).toFixed(1)} GB in frames of ${sizes.join(", ")} B: ${Math.round(each)} B each, ${verdict}`,
  )
}
console.log(failed ? "FAILED" : "ok")
process.exitCode = failed ? 1 : 0

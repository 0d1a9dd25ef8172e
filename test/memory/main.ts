// What memory a peer that does not read costs, and what frames that a user keeps do.
//
//   npm run test:memory -- [--seconds 10] [--gigabytes 10]
import { parseArgs } from "node:util"
import { LARGEST_CHUNK } from "#src/wire/decoder.js"
import { drawTable } from "../../bench/table.js"
import { keep } from "./kept.js"
import { stall } from "./stalled.js"

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "10" }, gigabytes: { type: "string", default: "10" } },
})
const milliseconds = Number(values.seconds) * 1000
/** What a collector may leave for later, and a tuned buffer take. */
const ALLOWED_RISE = 8 << 20
const KEPT = 10_000

const rows: string[][] = []
let failed = false
for (const transport of ["tcp", "ipc"] as const) {
  for (const [size, mark] of [
    [16, 1000],
    [16, 10],
    [1 << 20, 100],
    [1 << 20, 10],
  ] as const) {
    const { accepted, bound, risen } = await stall({ transport, size, mark, milliseconds })
    const ok = accepted <= bound && risen <= ALLOWED_RISE
    failed ||= !ok
    rows.push([transport, ...[size, mark, accepted, bound, risen].map(String), ok ? "ok" : "FAILED"])
  }
}
console.log(drawTable(["stalled over", "bytes", "marks", "accepted", "at most", "risen by", ""], rows))

for (const sizes of [[64, 1024, 65_536], [1024]]) {
  const { bytes, kept, each } = await keep(KEPT, Number(values.gigabytes) * 1e9, sizes)
  // A frame keeps its chunk alive, and nothing else.
  const ok = kept === KEPT && each <= 1.1 * LARGEST_CHUNK
  failed ||= !ok
  console.log(
    `${kept} frames of ${sizes[0]} B kept among ${(bytes / 1e9).toFixed(1)} GB in frames of ${sizes.join(", ")} B: ${Math.round(each)} B each, ${ok ? "ok" : "FAILED"}`,
  )
}
console.log(failed ? "FAILED" : "ok")
process.exitCode = failed ? 1 : 0

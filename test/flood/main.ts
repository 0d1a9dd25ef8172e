// Attacks at full strength: whether the attacked goes on to serve its honest peers, and what it holds.
//
//   npm run test:flood -- [--seconds 10] [--only <part of an attack's name>]
import { parseArgs } from "node:util"
import { drawTable } from "../../bench/table.js"
import { chosen } from "../interop/chosen.js"
import { type Flood, flood } from "./flood.js"

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "10" }, only: { type: "string", default: "" } },
})
const milliseconds = Number(values.seconds) * 1000
if (!(milliseconds > 0)) throw new Error("--seconds is more than 0")

const floods: readonly Omit<Flood, "milliseconds">[] = [
  { attack: "silence", connections: 5000 },
  { attack: "half-a-greeting", connections: 5000 },
  { attack: "trickle", connections: 5000 },
  { attack: "half-a-command", connections: 1000 },
  { attack: "too-large-a-frame", connections: 200 },
  { attack: "an-announcement", connections: 5000 },
  { attack: "endless-message", connections: 10 },
  { attack: "endless-subscriptions", connections: 2 },
  { attack: "come-and-go", connections: 200 },
  { attack: "unread-replies", connections: 100 },
  { attack: "unread-publications", connections: 100 },
]

let failed = false
const rows: string[][] = []
for (const one of chosen(floods, ({ attack }) => attack, values.only)) {
  console.log(`${one.attack}: ${one.connections} connections at a time`)
  try {
    const result = await flood({ ...one, milliseconds })
    const { served, newcomers, longestWait, risen, bound, files, seen } = result
    console.log(
      `  ${Object.entries(seen)
        .map(([name, count]) => `${name}: ${count}`)
        .join(", ")}`,
    )
    const ok = risen <= bound
    failed ||= !ok
    const numbers = [one.connections, served, newcomers, Math.round(longestWait), files, risen, bound]
    rows.push([one.attack, ...numbers.map(String), ok ? "ok" : "FAILED"])
  } catch (error) {
    failed = true
    console.error(error)
    rows.push([one.attack, String(one.connections), "", "", "", "", "", "", "FAILED"])
  }
}
console.log(
  drawTable(
    ["attack", "connections", "served", "newcomers", "waited ms", "files", "risen by", "at most", ""],
    rows,
  ),
)
console.log(failed ? "FAILED" : "ok")
process.exitCode = failed ? 1 : 0

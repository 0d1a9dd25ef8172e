// The files that a soak leaves: each second of each host, what came of it, and a picture.
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeMachine } from "../../bench/machine.js"
import { drawSoak } from "./picture.js"
import type { SoakOptions, SoakResult } from "./soak.js"

const columns = [
  "side",
  "second",
  "rss",
  "heap",
  "external",
  "memory",
  "files",
  "timers",
  "pending promises",
  "late p50 ms",
  "late p99 ms",
  "late most ms",
]

/** Writes soak.csv, soak.json and soak.svg. */
export function record(folder: string, { seconds, seed }: SoakOptions, result: SoakResult): void {
  const { hosts, lanes, kills, verdicts, violations } = result
  const setting = { machine: describeMachine(), node: process.version, seconds, seed, kills }
  const rows = hosts.flatMap(({ side, during }) =>
    during.map(({ second, rss, heap, external, memory, files, timers, pending, late }) =>
      [
        side,
        second,
        rss,
        heap,
        external,
        memory,
        files,
        timers,
        pending,
        ...[late.p50, late.p99, late.most].map((milliseconds) => milliseconds.toFixed(2)),
      ].join(","),
    ),
  )
  const notes = [
    `${setting.machine}, Node ${setting.node}`,
    `${seconds / 60} min of all patterns over tcp and ipc through relays that break them, and ${kills} kills of neighbours`,
  ]
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "soak.csv"), `${[columns.join(","), ...rows].join("\n")}\n`)
  writeFileSync(
    join(folder, "soak.json"),
    `${JSON.stringify({ ...setting, verdicts, violations, lanes }, undefined, 2)}\n`,
  )
  writeFileSync(join(folder, "soak.svg"), drawSoak("A soak", notes, hosts))
}

// What messages, connections and bursts cost in resident memory.
import { vacantPort } from "../../test/suites/vacant-port.js"
import type { Experiment } from "./experiment.js"
import { mostPeers } from "./limits.js"
import { play } from "./play.js"
import { bytes } from "./units.js"

const anywhere = "tcp://127.0.0.1:*"
const QUEUED = 1_000_000
/** The ROUTER, its listener and its guide take some descriptors too. */
const guests = mostPeers(1)

export const queued: Experiment = {
  title: "Queued memory",
  rows: [
    {
      title: "a queued message of 16 B, of a million",
      figure: "collected",
      unit: bytes,
      target: { kind: "times", most: 1.5 },
    },
    { title: "the same, garbage included", figure: "uncollected", unit: bytes },
  ],
  measure: (peer) =>
    play(peer, async (start) => {
      const nobody = `tcp://127.0.0.1:${await vacantPort()}`
      return start("queued", [nobody, QUEUED, 16]).figures
    }),
}

export const idle: Experiment = {
  title: "Idle connections",
  rows: [
    {
      title: `an idle connection to a ROUTER, of ${guests}`,
      figure: "idle",
      unit: bytes,
      target: { kind: "times", most: 1 },
    },
    { title: "the same once it has sent a message", figure: "heard", unit: bytes },
  ],
  measure: (peer, extra) =>
    play(peer, async (start) => {
      const host = start("host", [anywhere, guests])
      start("guests", [await host.endpoint, guests], extra)
      return host.figures
    }),
}

export const memoryExperiments: readonly Experiment[] = [
  queued,
  idle,
  burst("1 GB of 64 KiB", 65_536, 16_000),
  burst("200 MB of 64 B", 64, 3_125_000),
]

function burst(name: string, size: number, count: number): Experiment {
  return {
    title: `Burst of ${name}`,
    rows: [
      {
        title: `left of ${name} received`,
        figure: "left",
        unit: bytes,
        target: { kind: "most", most: 10e6 },
      },
      { title: "the same, garbage included", figure: "uncollected", unit: bytes },
    ],
    measure: (peer) =>
      play(peer, async (start) => {
        const drain = start("drain", [anywhere, 1, count])
        start("feed", [await drain.endpoint, 1, size, count])
        return drain.figures
      }),
  }
}

// What speed remains with many peers, and with many subscriptions.
import type { Peer } from "../peer.js"
import type { Experiment } from "./experiment.js"
import { type Figures, play } from "./play.js"
import { rate } from "./units.js"

const anywhere = "tcp://127.0.0.1:*"
const SIZE = 64
/** Seconds of work: compilers take one until they are done. */
const MESSAGES = 6_000_000
/** What the machine does otherwise must not decide. */
const LEAST = 0.9

/** An experiment at growing numbers of something: its figures are named by those. */
export interface Growth extends Experiment {
  readonly points: readonly number[]
  /** What grows. */
  readonly axis: string
}

export const growths: readonly Growth[] = [
  growth("PULL", "PUSH peers", [1, 10, 100, 1000], (peer, peers) =>
    play(peer, async (start) => {
      const drain = start("drain", [anywhere, peers, MESSAGES])
      start("feed", [await drain.endpoint, peers, SIZE, MESSAGES])
      return drain.figures
    }),
  ),
  growth("PUB", "subscriptions", [1, 100, 10_000, 100_000], (peer, subscriptions) =>
    play(peer, async (start) => {
      const publish = start("publish", [anywhere, subscriptions, SIZE, MESSAGES])
      start("subscribe", [await publish.endpoint, subscriptions])
      return publish.figures
    }),
  ),
]

function growth(
  socket: string,
  axis: string,
  points: readonly number[],
  measurePoint: (peer: Peer, point: number) => Promise<Figures>,
): Growth {
  return {
    title: `Growth of ${socket} by ${axis}`,
    points,
    axis,
    rows: points.map((point, at) => ({
      title: `${socket}, ${axis}: ${point.toLocaleString("en")}`,
      figure: `${point}`,
      unit: rate,
      ...(at > 0 && { target: { kind: "curve", first: `${points[0]}`, least: LEAST } as const }),
    })),
    measure: async (peer) => {
      const figures: Record<string, number> = {}
      for (const point of points) figures[point] = (await measurePoint(peer, point)).rate ?? Number.NaN
      return figures
    },
  }
}

import type { Peer } from "../peer.js"
import { runMeters } from "../run-meters.js"

/** What a meter has measured, by name. */
export type Figures = Readonly<Record<string, number>>

/** Starts a meter of the peer that is played for, or of another. */
export type Start = (meter: string, words: readonly (string | number)[], peer?: Peer) => Player

interface Player {
  /** The endpoint that it has bound. */
  readonly endpoint: Promise<string>
  readonly figures: Promise<Figures>
}

/** Plays a scene of a peer's meters. */
export function play(peer: Peer, scene: (start: Start) => Promise<Figures>): Promise<Figures> {
  return runMeters((startMeter) =>
    scene((meter, words, whose = peer) => {
      const process = startMeter([...whose.meter(meter), ...words.map(String)])
      return {
        get endpoint() {
          return process.endpoints().then(([endpoint = ""]) => endpoint)
        },
        get figures() {
          return process.ended.then(readResult)
        },
      }
    }),
  )
}

function readResult(output: string): Figures {
  const result = /^result (\{.*\})\r?$/m.exec(output)?.[1]
  if (result === undefined) throw new Error("No result was printed")
  return JSON.parse(result)
}

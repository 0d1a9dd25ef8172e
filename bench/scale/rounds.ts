import { orderOfRound } from "../order.js"
import type { Peer, PeerName } from "../peer.js"
import type { Experiment } from "./experiment.js"
import type { Rounds } from "./outcome.js"
import type { Figures } from "./play.js"

/** Measures the peers in turn, so that whatever else the machine does falls on all of them. */
export async function takeRounds(
  experiments: readonly Experiment[],
  rounds: number,
  found: ReadonlyMap<PeerName, Peer>,
  extra: Peer,
): Promise<ReadonlyMap<Experiment, Rounds>> {
  const measured = new Map(
    experiments.map((experiment) => {
      const peers = [...found.values()].filter(({ name }) => !experiment.puremqOnly || name !== "libzmq")
      return [experiment, { peers, figures: new Map(peers.map(({ name }) => [name, [] as Figures[]])) }]
    }),
  )
  for (let round = 0; round < rounds; round++) {
    for (const [experiment, { peers, figures }] of measured) {
      for (const peer of orderOfRound(peers, round)) {
        console.error(`round ${round + 1}/${rounds}, ${experiment.title}, ${peer.name}`)
        figures.get(peer.name)?.push(await experiment.measure(peer, extra))
      }
    }
  }
  return new Map(Array.from(measured, ([experiment, { figures }]) => [experiment, figures]))
}

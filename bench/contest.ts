import type { Case, Side } from "./cases.js"
import { measure } from "./measure.js"
import type { Options } from "./options.js"
import { orderOfRound } from "./order.js"
import type { Peer, PeerName } from "./peer.js"
import { type CaseResult, summarize } from "./results.js"
import { formatFigure } from "./unit.js"

interface Outcome {
  readonly results: readonly CaseResult[]
  readonly failures: readonly string[]
}

/** One case and who takes part in it. */
interface Contest {
  readonly measured: Case
  readonly peers: readonly Peer[]
  readonly runs: ReadonlyMap<PeerName, (number | null)[]>
}

/** Measures the peers in turn, so that whatever else the machine does falls on all of them. */
export async function compete(
  { cases, peers: wanted, rounds }: Options,
  found: ReadonlyMap<PeerName, Peer>,
): Promise<Outcome> {
  const libzmq = found.get("libzmq")
  const peers = wanted.map((name) => found.get(name)).filter((peer) => peer !== undefined)
  const contests = cases
    .filter(({ libzmqPlays }) => !libzmqPlays || libzmq)
    .map((measured) => openContest(measured, peers))
    .filter((contest) => contest.peers.length > 0)

  const failures: string[] = []
  for (let round = 0; round < rounds; round++) {
    for (const { measured, peers, runs } of contests) {
      for (const peer of orderOfRound(peers, round)) {
        const run = `round ${round + 1}/${rounds}, ${measured.title}, ${peer.name}`
        const sides = sidesOf(measured, peer, libzmq)
        try {
          const result = await measure(measured, peer, sides)
          runs.get(peer.name)?.push(result)
          console.error(`${run}: ${formatFigure(measured.unit, result)}`)
        } catch (error) {
          runs.get(peer.name)?.push(null)
          failures.push(`${run}: ${error instanceof Error ? error.message : error}`)
          console.error(`${run}: failed`)
        }
      }
    }
  }
  return { results: contests.map(({ measured, runs }) => summarize(measured, runs)), failures }
}

function sidesOf({ libzmqPlays }: Case, peer: Peer, libzmq: Peer | undefined): Record<Side, Peer> {
  const played = (side: Side): Peer =>
    libzmq && (libzmqPlays === side || libzmqPlays === "both") ? libzmq : peer
  return { local: played("local"), remote: played("remote") }
}

function openContest(measured: Case, peers: readonly Peer[]): Contest {
  const participants = peers.filter(({ name }) => measured.counts[name] !== undefined)
  return { measured, peers: participants, runs: new Map(participants.map(({ name }) => [name, []])) }
}

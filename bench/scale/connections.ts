// How long it takes many peers to connect, shake hands and say a word.
import type { Experiment } from "./experiment.js"
import { mostPeers } from "./limits.js"
import { play } from "./play.js"
import { seconds } from "./units.js"

// A socket of libzmq takes a descriptor beside that of its connection.
const dealers = mostPeers(2)
const connections = mostPeers(1)

export const connectionExperiments: readonly Experiment[] = [
  connecting(`${dealers} DEALERs to a ROUTER`, dealers, true),
  connecting(`${connections} connections of a PUSH to a PULL`, connections, false),
]

function connecting(name: string, count: number, apart: boolean): Experiment {
  return {
    title: `Connecting ${name}`,
    rows: [
      {
        title: `${name}, a message each`,
        figure: "seconds",
        unit: seconds,
        target: { kind: "times", most: 1.5 },
      },
    ],
    measure: (peer) =>
      play(peer, async (start) => {
        const hear = start("hear", ["tcp://127.0.0.1:*", count, Number(apart)])
        start("knock", [await hear.endpoint, count, Number(apart)])
        return hear.figures
      }),
  }
}

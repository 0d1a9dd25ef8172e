// Who gets his turn while one socket works at full speed.
import type { Experiment, Row } from "./experiment.js"
import { play } from "./play.js"
import { messages, milliseconds, rate } from "./units.js"

const anywhere = "tcp://127.0.0.1:*"
const SIZE = 64
const MILLISECONDS = 3000
const SLOW_PEERS = 9
const SLOW_MESSAGES = 400
/** More than anybody sends before he is stopped. */
const ENDLESS = 1e12

const receiving: Experiment = {
  title: "Fairness to timers while receiving",
  puremqOnly: true,
  rows: timerRows("receiving"),
  measure: (peer) =>
    play(peer, async (start) => {
      const receiver = start("late-receiver", [anywhere, MILLISECONDS])
      start("feed", [await receiver.endpoint, 1, SIZE, ENDLESS])
      return receiver.figures
    }),
}

const sending: Experiment = {
  title: "Fairness to timers while sending",
  puremqOnly: true,
  rows: timerRows("sending"),
  measure: (peer) =>
    play(peer, async (start) => {
      const drain = start("drain", [anywhere, 1, ENDLESS])
      return start("late-sender", [await drain.endpoint, SIZE, MILLISECONDS]).figures
    }),
}

const peers: Experiment = {
  title: "Fairness to slow peers",
  rows: [
    { title: "latency of a slow peer beside a flood, p50", figure: "p50", unit: milliseconds },
    { title: "p99", figure: "p99", unit: milliseconds, target: { kind: "most", most: 10 } },
    { title: "lost of theirs", figure: "lost", unit: messages, target: { kind: "most", most: 0 } },
    { title: "all messages meanwhile", figure: "rate", unit: rate },
  ],
  measure: (peer) =>
    play(peer, async (start) => {
      const fair = start("fair", [anywhere, SLOW_PEERS, SLOW_MESSAGES])
      const endpoint = await fair.endpoint
      start("feed", [endpoint, 1, SIZE, ENDLESS])
      start("trickle", [endpoint, SLOW_PEERS, SIZE, SLOW_MESSAGES])
      return fair.figures
    }),
}

export const fairnessExperiments: readonly Experiment[] = [receiving, sending, peers]

function timerRows(doing: string): Row[] {
  return [
    { title: `a timer of 1 ms beside a loop ${doing}: late by, p50`, figure: "p50", unit: milliseconds },
    { title: "p99", figure: "p99", unit: milliseconds, target: { kind: "most", most: 10 } },
    { title: "at most", figure: "most", unit: milliseconds },
    { title: "messages meanwhile", figure: "rate", unit: rate },
  ]
}

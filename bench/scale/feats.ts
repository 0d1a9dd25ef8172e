// Numbers that have to be reached whole: so many connections, sockets, subscriptions, bytes and messages.
import type { Experiment, Row } from "./experiment.js"
import { requireConnections } from "./limits.js"
import { idle, queued } from "./memory.js"
import { play } from "./play.js"
import { bytes, seconds } from "./units.js"

const anywhere = "tcp://127.0.0.1:*"
const CONNECTIONS = 10_000
const PROCESSES = 2
const SOCKETS = 1000
const SUBSCRIPTIONS = 100_000
const GIBIBYTE = 2 ** 30

const heap = (thing: string): Row => ({ title: `${thing}: heap`, figure: "heap", unit: bytes })

const connections: Experiment = {
  title: "10,000 connections",
  rows: [
    { title: "10,000 idle connections, each: resident", figure: "idle", unit: bytes, target: times(1) },
    heap("10,000 idle connections, each"),
    {
      title: "10,000 connections that sent a message, each: resident",
      figure: "heard",
      unit: bytes,
      target: times(1),
    },
  ],
  measure: (...peers) => {
    requireConnections(CONNECTIONS)
    return idle.measure(...peers)
  },
}

const dealers: Experiment = {
  title: "10,000 DEALERs",
  rows: [
    { title: "10,000 DEALERs connect, and are heard", figure: "seconds", unit: seconds, target: times(1.5) },
  ],
  measure: (peer) => {
    requireConnections(CONNECTIONS)
    return play(peer, async (start) => {
      const hear = start("hear", [anywhere, CONNECTIONS, 1])
      const endpoint = await hear.endpoint
      for (let at = 0; at < PROCESSES; at++) start("knock", [endpoint, CONNECTIONS / PROCESSES, 1])
      return hear.figures
    })
  },
}

const sockets: Experiment = {
  title: "1,000 sockets",
  rows: [
    { title: "1,000 sockets of one context, each: resident", figure: "each", unit: bytes },
    heap("1,000 sockets of one context, each"),
    {
      title: "1,000 sockets open, and pass a message on",
      figure: "seconds",
      unit: seconds,
    },
    { title: "1,000 sockets close", figure: "closing", unit: seconds },
  ],
  measure: (peer) => play(peer, async (start) => start("crowd", ["inproc://crowd", SOCKETS]).figures),
}

const subscriptions: Experiment = {
  title: "100,000 subscriptions",
  rows: [
    { title: "100,000 subscriptions, each: resident", figure: "each", unit: bytes },
    heap("100,000 subscriptions, each"),
    { title: "100,000 subscriptions made", figure: "seconds", unit: seconds },
  ],
  measure: (peer) =>
    play(peer, async (start) => {
      const publish = start("publish", [anywhere, SUBSCRIPTIONS, 64, 100_000])
      start("subscribe", [await publish.endpoint, SUBSCRIPTIONS])
      return publish.figures
    }),
}

const large: Experiment = {
  title: "1 GiB message",
  rows: [
    { title: "a message of 1 GiB sent and received", figure: "seconds", unit: seconds },
    { title: "the sender's peak", figure: "senderPeak", unit: bytes, target: times(1.25) },
    { title: "the receiver's peak", figure: "receiverPeak", unit: bytes, target: times(1.75) },
    { title: "left of it", figure: "left", unit: bytes, target: { kind: "most", most: 10e6 } },
  ],
  measure: (peer) =>
    play(peer, async (start) => {
      const receiver = start("receive-large", [anywhere, GIBIBYTE])
      const sender = start("send-large", [await receiver.endpoint, GIBIBYTE])
      return { ...(await receiver.figures), ...(await sender.figures) }
    }),
}

const messages: Experiment = {
  title: "1,000,000 queued messages",
  rows: [
    {
      title: "1,000,000 queued messages of 16 B, each: resident",
      figure: "collected",
      unit: bytes,
      target: times(1.5),
    },
    heap("1,000,000 queued messages of 16 B, each"),
    { title: "1,000,000 messages queued", figure: "seconds", unit: seconds },
  ],
  measure: queued.measure,
}

export const feats: readonly Experiment[] = [connections, dealers, sockets, subscriptions, large, messages]

function times(most: number): { readonly kind: "times"; readonly most: number } {
  return { kind: "times", most }
}

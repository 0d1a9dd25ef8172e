import { MeterProcess } from "../meter-process.js"
import type { Peer } from "../peers.js"

/** What a meter has measured, by name. */
export type Figures = Readonly<Record<string, number>>

/** Starts a meter of the peer that is played for, or of another. */
export type Start = (meter: string, words: readonly (string | number)[], peer?: Peer) => Player

interface Player {
  /** The endpoint that it has bound. */
  readonly endpoint: Promise<string>
  readonly figures: Promise<Figures>
}

/** Plays with processes that all have ended when it is over; fails as soon as one of them does. */
export async function play(peer: Peer, scene: (start: Start) => Promise<Figures>): Promise<Figures> {
  const running: MeterProcess[] = []
  let fail: (error: unknown) => void = () => {}
  const failure = new Promise<never>((_, reject) => {
    fail = reject
  })
  const start: Start = (meter, words, whose = peer) => {
    const process = new MeterProcess([...whose.meter(meter), ...words.map(String)])
    running.push(process)
    process.ended.catch(fail)
    return {
      get endpoint() {
        return process.endpoint()
      },
      get figures() {
        return process.ended.then(readResult)
      },
    }
  }
  try {
    return await Promise.race([scene(start), failure])
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error([reason, ...running.map((process) => process.report())].join("\n"))
  } finally {
    for (const process of running) process.kill()
    await Promise.allSettled(running.map((process) => process.ended))
  }
}

function readResult(output: string): Figures {
  const result = /^result (\{.*\})\r?$/m.exec(output)?.[1]
  if (result === undefined) throw new Error("No result was printed")
  return JSON.parse(result)
}

// A user who keeps some frames of a long stream: how much memory those keep alive.
import * as zmq from "puremq"
import { heldAtRest, takeHoldings } from "./holdings.js"

export interface KeptResult {
  readonly bytes: number
  readonly kept: number
  /** Bytes of memory for each kept frame. */
  readonly each: number
}

/** Keeps `count` frames of the first of `sizes`, spread evenly over `bytes` of traffic. */
export async function keep(count: number, bytes: number, sizes: readonly number[]): Promise<KeptResult> {
  const pull = new zmq.Pull()
  const push = new zmq.Push()
  try {
    await pull.bind("tcp://127.0.0.1:0")
    push.connect(pull.lastEndpoint as string)
    const bodies = sizes.map((size) => Buffer.alloc(size))
    const [small] = bodies as [Buffer]
    const round = bodies.reduce((sum, body) => sum + body.length, 0)
    const rounds = Math.ceil(bytes / round)
    const every = Math.max(1, Math.floor(rounds / count))
    const sending = (async () => {
      for (let number = 0; number < rounds; number++) for (const body of bodies) await push.send(body)
    })()
    const before = takeHoldings().memory
    const kept: Buffer[] = []
    let smalls = 0
    for (let received = 0; received < rounds * bodies.length; received++) {
      const [frame] = await pull.receive()
      if (frame?.length === small.length && smalls++ % every === 0 && kept.length < count) kept.push(frame)
    }
    await sending
    const held = (await heldAtRest()) - before
    return { bytes: rounds * round, kept: kept.length, each: held / kept.length }
  } finally {
    push.close()
    pull.close()
  }
}

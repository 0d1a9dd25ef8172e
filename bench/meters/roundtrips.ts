import type { Reply, Request } from "puremq"

export async function answerAll(reply: Reply, size: number, count: number): Promise<void> {
  for (let roundtrip = 0; roundtrip < count; roundtrip++) {
    const message = await reply.receive()
    if (message[0]?.length !== size) throw new Error(`Request of ${message[0]?.length} bytes, not ${size}`)
    await reply.send(message)
  }
}

/** Resolves with the microseconds that all took. */
export async function requestAll(request: Request, size: number, count: number): Promise<number> {
  const buffer = Buffer.alloc(size)
  const start = performance.now()
  for (let roundtrip = 0; roundtrip < count; roundtrip++) {
    await request.send(buffer)
    const [message] = await request.receive()
    if (message?.length !== size) throw new Error(`Reply of ${message?.length} bytes, not ${size}`)
  }
  return (performance.now() - start) * 1000
}

export function printLatency(size: number, count: number, microseconds: number): void {
  console.log(`message size: ${size} [B]`)
  console.log(`roundtrip count: ${count}`)
  console.log(`average latency: ${(microseconds / count / 2).toFixed(3)} [us]`)
}

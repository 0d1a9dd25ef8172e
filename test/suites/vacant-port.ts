import { once } from "node:events"
import { createServer } from "node:net"

/** Below what systems hand out by themselves, to who listens at port 0 or connects: nobody gets one of these by chance. */
const LOWEST = 10_000
const HIGHEST = 30_000
/** Processes that run side by side have numbers close to each other, and their ports this far apart. */
const PORTS_A_PROCESS = 97

let next = process.pid * PORTS_A_PROCESS

/** A port of 127.0.0.1 that nobody listens at, and that nobody will unless he is told to. */
export async function vacantPort(): Promise<number> {
  for (;;) {
    const port = LOWEST + (next++ % (HIGHEST - LOWEST))
    const server = createServer().listen(port, "127.0.0.1")
    try {
      await once(server, "listening")
    } catch {
      // Somebody does.
      continue
    }
    server.close()
    await once(server, "close")
    return port
  }
}

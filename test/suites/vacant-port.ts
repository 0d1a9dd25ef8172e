import { once } from "node:events"
import { createServer, type Server } from "node:net"

/** Below what systems hand out by themselves, to who listens at port 0 or connects: nobody gets one of these by chance. */
const LOWEST = 10_000
const HIGHEST = 30_000
/** The first of so many is listened at by the process that all of them are for, as long as it lives. */
const PORTS_A_BLOCK = 100
const BLOCKS = (HIGHEST - LOWEST) / PORTS_A_BLOCK

/** Processes that run side by side have numbers close to each other. */
let block = process.pid % BLOCKS
let next = 0
let end = 0

/** A port of 127.0.0.1 that nobody listens at, and that nobody will unless he is told to. */
export async function vacantPort(): Promise<number> {
  for (;;) {
    if (next === end) await takeBlock()
    // Others may have asked meanwhile.
    if (next === end) continue
    const port = next++
    const server = await listen(port)
    // Somebody is there who has not asked here.
    if (server === undefined) continue
    server.close()
    await once(server, "close")
    return port
  }
}

async function takeBlock(): Promise<void> {
  for (let tried = 0; tried < BLOCKS; tried++) {
    const first = LOWEST + block * PORTS_A_BLOCK
    block = (block + 1) % BLOCKS
    const sign = await listen(first)
    if (sign === undefined) continue
    sign.unref()
    next = first + 1
    end = first + PORTS_A_BLOCK
    return
  }
  throw new Error(`All ports from ${LOWEST} to ${HIGHEST} are taken`)
}

/** Undefined: somebody listens there. */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, "127.0.0.1")
  try {
    await once(server, "listening")
    return server
  } catch {
    return undefined
  }
}

// Workers that come and go, in any way, in the middle of everything.
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { Publisher, Pull, Router } from "puremq"
import { collectGarbage } from "../memory/holdings.js"
import { eventually } from "../suites/deadline.js"

/** So many live at a time. */
const AT_A_TIME = 8
const ways = ["never", "never", "exit", "crash", "end"] as const

export interface Churned {
  /** Messages that came, each whole. */
  readonly received: number
  /** Peers that were left when all workers had ended. */
  readonly left: number
  /** Bytes that the process had grown by, from when a fourth of the workers had been there. */
  readonly grown: number
}

/** Has so many workers come and go; those that would stay are terminated, at random. */
export async function churn(workers: number): Promise<Churned> {
  using pull = new Pull()
  using publisher = new Publisher()
  using router = new Router({ linger: 0 })
  await pull.bind("inproc://churn-pull")
  await publisher.bind("inproc://churn-publisher")
  await router.bind("inproc://churn-router")
  let received = 0
  const receiving = (async () => {
    for await (const [, load] of pull) {
      received++
      if (load?.some((byte) => byte !== load[0])) throw new Error("A message is not what was sent")
    }
  })()
  const answering = (async () => {
    for await (const [id, text] of router) if (id && text) await router.send([id, text])
  })()
  const publishing = setInterval(() => void publisher.send(Buffer.alloc(1000)), 1)
  let next = 0
  const rounds = async (until: number): Promise<void> => {
    const lane = async (): Promise<void> => {
      while (next < until) await visit(next++)
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, lane))
  }
  await rounds(Math.ceil(workers / 4))
  const before = await resident()
  await rounds(workers)
  const sockets = [pull, publisher, router]
  const peers = (): number => sockets.reduce((sum, socket) => sum + socket.stats().connections, 0)
  await eventually(async () => peers() === 0, "all peers to be gone").catch(() => {})
  const left = peers()
  const grown = (await resident()) - before
  clearInterval(publishing)
  for (const socket of sockets) socket.close()
  await Promise.all([receiving, answering])
  return { received, left, grown }
}

async function visit(number: number): Promise<void> {
  const goes = ways[number % ways.length]
  const size = [0, 100, 10_000, 300_000][number % 4]
  const worker = new Worker(new URL("guest.js", import.meta.url), {
    workerData: { number: number & 255, goes, size },
    stderr: true,
  })
  worker.on("error", () => {})
  const ended = new Promise((resolve) => worker.on("exit", resolve))
  if (goes === "never") {
    // Some are terminated before they have begun, and others in the middle.
    if (number % 3 !== 0) await Promise.race([once(worker, "online"), ended])
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
    await worker.terminate()
  }
  await ended
}

/** What the process takes, when what can go has gone. */
async function resident(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    collectGarbage()
    await new Promise(setImmediate)
  }
  return process.memoryUsage().rss
}

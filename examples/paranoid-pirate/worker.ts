// Paranoid Pirate, the worker: beats its heart, listens for the broker's, and begins anew when that falls silent.
// node build/examples/paranoid-pirate/worker.js [address] [name] [ms of work]
import { setTimeout as pause } from "node:timers/promises"
import * as zmq from "puremq"
import { HEARTBEAT, interval, patience, READY } from "./protocol.js"

const [address = "tcp://localhost:5556", name = `worker-${process.pid}`, milliseconds = "500"] =
  process.argv.slice(2)

/** Serves a broker until it falls silent. Resolves with whether it was ever heard. */
async function serve(): Promise<boolean> {
  using worker = new zmq.Dealer({ linger: 0, receiveTimeout: patience })
  worker.connect(address)
  await worker.send(READY)
  console.log(`${name} is ready...`)
  // From a timer, so that it beats during work too. A program that hangs beats no more, which is the point.
  using _heartbeat = setInterval(() => worker.trySend(HEARTBEAT), interval)

  let heard = false
  try {
    for await (const message of worker) {
      heard = true
      if (message.length === 1) continue
      const request = message.pop()
      console.log(`${name} works on ${request}`)
      await pause(Number(milliseconds))
      await worker.send([...message, `${request} is done by ${name}`])
    }
  } catch (error) {
    if (!(error instanceof zmq.ZmqError && error.code === "EAGAIN")) throw error
  }
  return heard
}

// A broker that has come back does not know this worker, so waiting for the connection is not enough. To spare a
// network in trouble, it waits longer from time to time.
for (let wait = interval; ; wait = Math.min(wait * 2, 32 * interval)) {
  if (await serve()) wait = interval
  console.log(`${name} does not hear the broker, trying again in ${wait} ms`)
  await pause(wait)
}

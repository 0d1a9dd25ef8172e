// A worker thread that has been given a port.
import { parentPort } from "node:worker_threads"
import { attachPort, Pair, Router } from "puremq"

parentPort?.once("message", async (port) => {
  attachPort(port)
  const pair = new Pair()
  await pair.bind("inproc://thread")
  const [text, bytes = ""] = await pair.receive()
  await pair.send([`${text}, and back`, bytes])
  const router = new Router()
  await router.bind("tcp://127.0.0.1:*")
  await pair.send(router.lastEndpoint as string)
  await router.send(await router.receive())
})

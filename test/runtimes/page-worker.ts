// A Web Worker that has been given a port, and the address of a server.
import { attachPort, Pair, type PortLike, Request } from "puremq"

interface WorkerGlobals {
  addEventListener(
    type: "message",
    heard: (event: { data: { port: PortLike; address: string } }) => void,
  ): void
}

const scope = globalThis as unknown as WorkerGlobals
scope.addEventListener("message", async ({ data: { port, address } }) => {
  attachPort(port)
  const pair = new Pair()
  await pair.bind("inproc://worker")
  const [text, bytes = ""] = await pair.receive()
  await pair.send([`${text}, and back`, bytes])
  const request = new Request({ linger: 0 })
  request.connect(address)
  await request.send("the worker's own connection")
  await pair.send(await request.receive())
})

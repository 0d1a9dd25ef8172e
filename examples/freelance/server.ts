// Freelance, a server: answers requests, and pings, which tell clients that it is there. It needs no broker and knows
// of no other server. The first frame names the request; the answer takes it back.
// node build/examples/freelance/server.js [address] [name]
import * as zmq from "puremq"

const [address = "tcp://*:5555", name = `server-${process.pid}`] = process.argv.slice(2)

using server = new zmq.Router()
await server.bind(address)
console.log(`${name} is running on ${server.lastEndpoint}...`)

for await (const [client, number, request] of server) {
  if (!client || !number) continue
  if (`${number}` === "PING") {
    await server.send([client, "PONG"])
  } else {
    console.log(`${name} works on ${request}`)
    await server.send([client, number, `${request} is done by ${name}`])
  }
}

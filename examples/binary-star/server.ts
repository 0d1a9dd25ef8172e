// Binary Star, a server: one is started as primary, another one as backup.
// node build/examples/binary-star/server.js primary
// node build/examples/binary-star/server.js backup
// node build/examples/binary-star/server.js role [address for clients] [address for the other] [address of the other]
import * as zmq from "puremq"
import { BinaryStar } from "./star.js"

const [role = "primary", ...given] = process.argv.slice(2)
const usual = {
  primary: ["tcp://*:5001", "tcp://*:5003", "tcp://localhost:5004"],
  backup: ["tcp://*:5002", "tcp://*:5004", "tcp://localhost:5003"],
}
if (role !== "primary" && role !== "backup") throw new TypeError(`Neither primary nor backup: ${role}`)
const [address = "", own = "", other = ""] = given.length === 3 ? given : usual[role]

using server = new zmq.Router()
await server.bind(address)
using star = new BinaryStar(role, { own, other })
console.log(`The ${role} is running on ${server.lastEndpoint}...`)

for await (const message of server) {
  // Without an answer the client will ask the other one.
  if (!star.vote()) continue
  const request = message.pop()
  await server.send([...message, `${request} is done by the ${role}`])
}

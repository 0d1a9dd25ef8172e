// Hears one message from each of many connections, which brings the time when the first was made.
import { Pull, Router } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { readArguments } from "./arguments.js"
import { secondsSince } from "./clock.js"
import { printResult } from "./result.js"

const { address, count, apart } = readArguments("count", "apart")
const options = { backlog: 4096 }
const socket = apart ? new Router(options) : new Pull(options)
await socket.bind(address)
announceEndpoints(socket)

let body: Buffer = Buffer.alloc(0)
for (let heard = 0; heard < count; heard++) body = (await socket.receive()).at(-1) as Buffer
printResult({ seconds: secondsSince(body, 0) })
socket.close()

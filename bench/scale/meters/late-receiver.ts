// How late timers are beside a loop that receives at full speed.
import { Pull } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { readArguments } from "./arguments.js"
import { Lateness } from "./lateness.js"
import { printResult } from "./result.js"
import { giveStart } from "./start-signal.js"

const { address, milliseconds } = readArguments("milliseconds")
const pull = new Pull()
await pull.bind(address)
announceEndpoints(pull)
await giveStart((await pull.receive())[0] as Buffer)

const lateness = new Lateness()
const start = performance.now()
const end = start + milliseconds
let received = 0
for await (const _ of pull) if (++received % 1024 === 0 && performance.now() > end) break
printResult({ ...lateness.end(), rate: (received / (performance.now() - start)) * 1000 })
pull.close()

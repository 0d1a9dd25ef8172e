// A PULL that one peer floods while others send seldom: how late the messages of those come.
import { Pull } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { percentile } from "../../statistics.js"
import { readArguments } from "./arguments.js"
import { secondsSince } from "./clock.js"
import { printResult } from "./result.js"
import { giveStart, isHello } from "./start-signal.js"

/** With so many seconds behind the last of them, the others are lost. */
const PATIENCE = 10

const { address, peers, count } = readArguments("peers", "count")
const pull = new Pull()
await pull.bind(address)
announceEndpoints(pull)

const latencies: number[] = []
const start = performance.now()
let received = 0
let last = start
for await (const [body] of pull as AsyncIterable<[Buffer]>) {
  received += 1
  if (isHello(body)) await giveStart(body)
  else if (body[0] === 1) {
    latencies.push(secondsSince(body, 8) * 1000)
    last = performance.now()
    if (latencies.length === peers * count) break
  } else if (received % 65_536 === 0 && performance.now() - last > PATIENCE * 1000) break
}
printResult({
  p50: percentile(latencies, 50),
  p99: percentile(latencies, 99),
  lost: peers * count - latencies.length,
  rate: (received / (performance.now() - start)) * 1000,
})
pull.close()

// Receives and drops: how fast, once all peers are there, and what memory it leaves taken.
import { Pull } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { readArguments } from "./arguments.js"
import { residentBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"
import { giveStart, isHello } from "./start-signal.js"

const { address, peers, count } = readArguments("peers", "count")
const pull = new Pull({ backlog: 4096 })
await pull.bind(address)
const before = await settledBytes()
announceEndpoints(pull)

for (let present = 1; present <= peers; present++) {
  const [hello] = (await pull.receive()) as [Buffer]
  if (!isHello(hello)) throw new Error("A peer did not wait for the others")
  if (present === peers) await giveStart(hello)
}
await pull.receive()
const start = performance.now()
for (let received = 1; received < count; received++) await pull.receive()
const rate = ((count - 1) / (performance.now() - start)) * 1000
const uncollected = residentBytes() - before
const left = (await settledBytes()) - before
printResult({ rate, uncollected, left })
pull.close()

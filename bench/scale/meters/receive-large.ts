// Receives one large message: how long it took, what memory it took at most, and what stays of it.
import { Pull } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { readArguments } from "./arguments.js"
import { secondsSince } from "./clock.js"
import { peakBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"

const { address, size } = readArguments("size")
const pull = new Pull()
await pull.bind(address)
announceEndpoints(pull)
await pull.receive()
const before = await settledBytes()
printResult({ ...(await receive()), left: (await settledBytes()) - before })
pull.close()

async function receive(): Promise<{ seconds: number; receiverPeak: number }> {
  const [body] = (await pull.receive()) as [Buffer]
  const seconds = secondsSince(body, 0)
  if (body.length !== size) throw new Error(`${body.length} bytes came`)
  for (let at = 8; at < size; at += 4093) if (body[at] !== 1) throw new Error(`Byte ${at} is wrong`)
  return { seconds, receiverPeak: peakBytes() - before }
}

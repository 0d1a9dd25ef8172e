// A ROUTER whose peers are idle. The first peer is the guide of the others: it says when they have come.
import { Router } from "puremq"
import { announceEndpoints } from "../../meters/endpoints.js"
import { readArguments } from "./arguments.js"
import { heldBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"

const { address, count } = readArguments("count")
const router = new Router({ backlog: 4096 })
await router.bind(address)
announceEndpoints(router)

const [guide] = await router.receive()
const [before, heldBefore] = [await settledBytes(), heldBytes()]
await router.send([guide as Buffer, ""])
await router.receive()
const [idle, held] = [await settledBytes(), heldBytes()]
await router.send([guide as Buffer, ""])
for (let heard = 0; heard < count; heard++) await router.receive()
const heard = await settledBytes()
await router.send([guide as Buffer, ""])
printResult({
  idle: (idle - before) / count,
  heard: (heard - before) / count,
  heap: (held - heldBefore) / count,
})
router.close()

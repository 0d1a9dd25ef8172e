// What many sockets of one context take: pairs of them, each of which has passed a message on.
import { Context, Pair } from "puremq"
import { readArguments } from "./arguments.js"
import { heldBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"

const { address, count } = readArguments("count")
const context = new Context({ maxSockets: count })
const [before, heldBefore] = [await settledBytes(), heldBytes()]
const start = performance.now()
const pairs: (readonly [Pair, Pair])[] = []
for (let made = 0; made < count; made += 2) {
  const pair = [new Pair({ context, linger: 0 }), new Pair({ context, linger: 0 })] as const
  await pair[0].bind(`${address}/${made}`)
  pair[1].connect(`${address}/${made}`)
  pairs.push(pair)
}
for (const [, near] of pairs) await near.send("message")
for (const [far] of pairs) await far.receive()
const seconds = (performance.now() - start) / 1000
const [each, heap] = [(await settledBytes()) - before, heldBytes() - heldBefore]
const ending = performance.now()
for (const pair of pairs) for (const socket of pair) socket.close()
await context.term()
printResult({
  seconds,
  each: each / count,
  heap: heap / count,
  closing: (performance.now() - ending) / 1000,
})

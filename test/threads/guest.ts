// A worker that talks to its host by all it has, until it goes or is made to.
import { workerData } from "node:worker_threads"
import { Dealer, Pair, Push, Subscriber } from "puremq"

const { number, goes, size } = workerData as { number: number; goes: string; size: number }
const push = new Push({ linger: 0 })
push.connect("inproc://churn-pull")
const subscriber = new Subscriber()
subscriber.subscribe()
subscriber.connect("inproc://churn-publisher")
const dealer = new Dealer({ linger: 0, routingId: `guest ${number}` })
dealer.connect("inproc://churn-router")
const [nobody, late] = [new Pair({ linger: 0 }), new Pair({ linger: 0 })]
nobody.connect("inproc://churn-nobody")
late.bindSync(`inproc://churn-guest-${number}`)

const load = Buffer.alloc(size, number)
await dealer.send("hello")
await dealer.receive()
for (let count = 0; goes === "never" || count < 50; count++) await push.send([String(count), load])
if (goes === "exit") process.exit()
if (goes === "crash") throw new Error("a bug of the program's own")
// Sockets that are left open let the worker end.

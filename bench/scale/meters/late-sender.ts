// How late timers are beside a loop that sends at full speed.
import { Push } from "puremq"
import { readArguments } from "./arguments.js"
import { Lateness } from "./lateness.js"
import { printResult } from "./result.js"
import { awaitStart } from "./start-signal.js"

const { address, size, milliseconds } = readArguments("size", "milliseconds")
const push = new Push({ linger: 0 })
push.connect(address)
const body = Buffer.alloc(size)
await awaitStart([push])

const lateness = new Lateness()
const start = performance.now()
const end = start + milliseconds
let sent = 0
do await push.send(body)
while (++sent % 1024 !== 0 || performance.now() < end)
printResult({ ...lateness.end(), rate: (sent / (performance.now() - start)) * 1000 })
push.close()

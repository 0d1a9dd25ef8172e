// Sends one message, as large as is asked for, which brings the time when it was sent.
import { Push } from "puremq"
import { readArguments } from "./arguments.js"
import { writeTime } from "./clock.js"
import { peakBytes, settledBytes } from "./resident.js"
import { printResult } from "./result.js"

const { address, size } = readArguments("size")
const push = new Push()
push.connect(address)
await push.send("")
const before = await settledBytes()
const body = Buffer.alloc(size, 1)
writeTime(body, 0)
await push.send(body)
await push[Symbol.asyncDispose]()
printResult({ senderPeak: peakBytes() - before })

// A program of one thread, that uses inproc.
import { Pair } from "puremq"
import { say } from "./play.js"

const [one, other] = [new Pair(), new Pair()]
other.connect("inproc://lone")
await one.bind("inproc://lone")
await one.send("hello")
say(await other.receiveString())
const { moduleLoadList = [] } = process as { moduleLoadList?: string[] }
say(`loaded ${moduleLoadList.filter((name) => /worker_threads|broadcast/i.test(name)).length}`)

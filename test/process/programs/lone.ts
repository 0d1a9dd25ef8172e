// A program of one thread, that uses inproc.
import { Pair } from "puremq"
import { say } from "./play.js"

const { moduleLoadList: loaded = [] } = process as { moduleLoadList?: string[] }
// Some versions of Node load it for themselves.
const before = loaded.filter(isForThreads).length
const [one, other] = [new Pair(), new Pair()]
other.connect("inproc://lone")
await one.bind("inproc://lone")
await one.send("hello")
say(await other.receiveString())
say(`loaded ${loaded.filter(isForThreads).length - before}`)

function isForThreads(name: string): boolean {
  return /worker_threads|broadcast/i.test(name)
}

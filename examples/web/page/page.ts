// The page: its parts have a file each, and share nothing but the meter that counts their messages.
import { Ask } from "./ask.js"
import { Chart } from "./chart.js"
import { Connection } from "./connection.js"
import { Feeds } from "./feeds.js"
import { Meter } from "./meter.js"
import { Work } from "./work.js"

const server = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`
const meter = new Meter()
const ask = new Ask(`${server}/answers`, meter)
const feeds = new Feeds(`${server}/feeds`, meter)
new Connection(feeds.subscriber, () => ask.ask("restart"))
new Work(meter)
new Chart(meter)

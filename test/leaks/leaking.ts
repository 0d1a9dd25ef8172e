// Usage: node leaking.js <what>: a test file's end with one thing left open.
import { watch } from "./watch.js"

const [what = ""] = process.argv.slice(2)
// What ends well has all the time for it.
watch(["nothing", "lost"].includes(what) ? undefined : 500)
// Only now: it keeps the timers that it finds.
const { Publisher, Pull, Push } = await import("puremq")
const { Radio } = await import("puremq/draft")
const kept: object[] = []
function keep<T extends object>(socket: T): T {
  kept.push(socket)
  return socket
}

const left: Record<string, () => Promise<void>> = {
  async nothing() {
    using pull = new Pull()
    await pull.bind("tcp://127.0.0.1:0")
    using push = new Push({ linger: 0 })
    push.connect(pull.lastEndpoint as string)
    await push.send("message")
    await pull.receive({ signal: new AbortController().signal })
  },
  async listener() {
    await keep(new Pull()).bind("tcp://127.0.0.1:0")
  },
  async lost() {
    await new Pull().bind("tcp://127.0.0.1:0")
  },
  async connection() {
    const pull = keep(new Pull())
    await pull.bind("tcp://127.0.0.1:0")
    const push = keep(new Push())
    push.connect(pull.lastEndpoint as string)
    await push.send("message")
    await pull.receive()
  },
  async timer() {
    keep(new Publisher({ reconnectInterval: 100_000 })).connect("ipc:///nowhere/at/all")
    await new Promise((resolve) => setImmediate(() => setTimeout(resolve, 50)))
  },
  async datagrams() {
    const radio = keep(new Radio())
    radio.connect("udp://127.0.0.1:9")
    await radio.send("message", { group: "group" })
  },
  /** What waits keeps the process: this is what a broken library would leave behind. */
  async pending() {
    const { signal } = new AbortController()
    const pull = keep(new Pull({ receiveTimeout: 1 }))
    const { removeEventListener } = AbortSignal.prototype
    AbortSignal.prototype.removeEventListener = () => {}
    await pull.receive({ signal }).catch(() => {})
    AbortSignal.prototype.removeEventListener = removeEventListener
  },
}
await left[what]?.()

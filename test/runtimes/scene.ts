// Programs that a runtime runs by itself: how they end is what is looked at.
import { Dealer, Publisher, Pull, Push, Router, Subscriber } from "puremq"
import { play, say } from "../process/programs/play.js"

await play({
  async idle() {
    for (const address of ["tcp://127.0.0.1:*", "ipc://*", "inproc://idle", "ws://127.0.0.1:*"]) {
      await new Router().bind(address)
    }
    new Publisher().bindSync("tcp://127.0.0.1:*")
    // Nobody is there, so it keeps trying.
    const subscriber = new Subscriber({ reconnectInterval: 1 })
    subscriber.connect("tcp://127.0.0.1:1")
    say("open")
  },

  async flush(address: string) {
    const push = new Push()
    push.connect(address)
    for (let number = 0; number < 500; number++) await push.send([String(number), new Uint8Array(2000)])
  },

  async answered(address: string) {
    const dealer = new Dealer()
    dealer.connect(address)
    await dealer.send("hello")
    say(`received ${await dealer.receiveString()}`)
  },

  async serve() {
    const pull = new Pull()
    await pull.bind("tcp://127.0.0.1:*")
    say(`bound ${pull.lastEndpoint}`)
    for await (const [text] of pull) say(`received ${text}`)
  },
})

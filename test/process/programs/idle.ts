// Sockets that are open and have nothing to do.
import { Dealer, Publisher, Push, Router, Subscriber } from "puremq"
import { Datagram, Dish, Radio } from "puremq/draft"
import { play, say } from "./play.js"

await play({
  async bound() {
    for (const address of ["tcp://127.0.0.1:0", "ipc://*", "inproc://idle", "ws://127.0.0.1:0"]) {
      const router = new Router()
      await router.bind(address)
      say(`bound ${router.lastEndpoint}`)
    }
    new Publisher().bindSync("tcp://127.0.0.1:0")
  },

  async datagrams() {
    const dish = new Dish()
    await dish.bind("udp://127.0.0.1:*")
    const radio = new Radio()
    radio.connect(dish.lastEndpoint as string)
    await radio.send("unheard", { group: "g" })
    await new Datagram().bind("udp://127.0.0.1:*")
    say("bound")
  },

  /** Nobody is there, so it keeps trying. */
  retrying(address: string) {
    const subscriber = new Subscriber({ reconnectInterval: 1 })
    subscriber.subscribe()
    subscriber.connect(address)
    new Push({ reconnectInterval: 1 }).connect(address)
    say("connecting")
  },

  async connected(address: string) {
    const dealer = new Dealer()
    dealer.connect(address)
    await dealer.send("hello")
    say(`received ${await dealer.receiveString()}`)
  },

  async serving(scheme: string) {
    const router = new Router()
    await router.bind(`${scheme}://127.0.0.1:0`)
    say(`bound ${router.lastEndpoint}`)
    const [peer = "", question = ""] = await router.receive()
    await router.send([peer, question])
    say("answered")
  },

  /** A handler was taken back, and an observer closed. */
  async observed(address: string) {
    const [dealer, other] = [new Dealer(), new Dealer()]
    const tell = (): void => say("disconnected")
    dealer.events.on("disconnect", tell)
    dealer.events.on("disconnect", tell)
    other.events.on("disconnect", tell)
    other.connect("tcp://127.0.0.1:1")
    dealer.connect(address)
    await dealer.send("hello")
    say(`received ${await dealer.receiveString()}`)
    dealer.events.off("disconnect", tell)
    dealer.events.off("disconnect", tell)
    dealer.events.off("disconnect", tell)
    other.events.close()
  },
})

// `using` and `await using`, and the end of a context.
import { Context, Pull, Push } from "puremq"
import { play, say } from "./play.js"

await play({
  async using() {
    const outlived: Pull[] = []
    {
      using pull = new Pull()
      outlived.push(pull)
      await pull.bind("tcp://127.0.0.1:0")
      pull.receive().catch((error: { code: string }) => say(`receive: ${error.code}`))
    }
    say(`closed: ${outlived[0]?.closed}`)
  },

  async awaitUsing(address: string) {
    {
      await using push = new Push({ reconnectInterval: 5 })
      push.connect(address)
      await push.send("waited for")
      say("leaving")
    }
    say("left")
  },

  async awaitUsingContext(address: string) {
    {
      await using context = new Context()
      const push = new Push({ context, reconnectInterval: 5 })
      push.connect(address)
      await push.send("waited for")
      say("leaving")
    }
    say("left")
  },

  async lingerIsOver(address: string) {
    {
      await using push = new Push({ linger: 50 })
      push.connect(address)
      await push.send("given up")
    }
    say("left")
  },
})

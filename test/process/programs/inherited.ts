// Sockets that go on with a listening file of whoever started the program.
import { Pull } from "puremq"
import { play, say } from "./play.js"

/** Where the parent's listening file is. */
const INHERITED = 3

await play({
  async listening(address: string) {
    const pull = new Pull({ useFd: INHERITED })
    await pull.bind(address)
    say(`bound ${pull.lastEndpoint}`)
    say(`received ${await pull.receiveString()}`)
  },
})

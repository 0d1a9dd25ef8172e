// Sends back what it gets, at an address of each scheme. Arguments: the library, and the schemes.
import type { Reply } from "puremq"
import { loadZeromq, puremq } from "../suites/library.js"

const [name, ...schemes] = process.argv.slice(2)
const library = name === "puremq" ? puremq : loadZeromq()

async function echo(reply: Reply): Promise<void> {
  for await (const message of reply) await reply.send(message)
}

if (typeof library === "string") console.log(`missing ${library}`)
else {
  for (const scheme of schemes) {
    const reply = new library.zmq.Reply({ linger: 0 })
    await reply.bind(scheme === "ipc" ? "ipc://*" : `${scheme}://127.0.0.1:*`)
    console.log(`bound ${reply.lastEndpoint}`)
    void echo(reply as Reply)
  }
}

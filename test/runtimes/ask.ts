// Asks who listens at an address three questions. Arguments: the library, and the address.
import { loadZeromq, puremq } from "../suites/library.js"
import { body, same, sameBytes } from "./check.js"

const [name, address = ""] = process.argv.slice(2)
const library = name === "puremq" ? puremq : loadZeromq()
if (typeof library === "string") throw new Error(library)

const request = new library.zmq.Request({ linger: 0 })
request.connect(address)
for (const size of [0, 300, 3_000_000]) {
  await request.send(["question", body(size)])
  const [text, bytes] = await request.receive()
  same(text?.toString(), "question")
  sameBytes(bytes, body(size))
}
request.close()

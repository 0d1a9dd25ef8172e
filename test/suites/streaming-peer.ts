// A process of its own that sends, or receives, a stream of messages until it is killed.
// node streaming-peer.js puremq|zeromq send|receive bind|connect <address> <series>
import assert from "node:assert/strict"
import { loadZeromq, puremq } from "./library.js"
import { parseStreamed, streamed } from "./streamed.js"

const [name, role, side, address = "", series = ""] = process.argv.slice(2)
const library = name === "puremq" ? puremq : loadZeromq()
if (typeof library === "string") throw new Error(library)

const options = { linger: 0, reconnectInterval: 10 }
if (role === "send") {
  const push = new library.zmq.Push(options)
  if (side === "bind") await push.bind(address)
  else push.connect(address)
  for (let number = 0; ; number += 1) await push.send(streamed(series, number))
} else {
  assert.equal(role, "receive")
  const pull = new library.zmq.Pull(options)
  if (side === "bind") await pull.bind(address)
  else pull.connect(address)
  for await (const message of pull) console.log(parseStreamed(message).number)
}

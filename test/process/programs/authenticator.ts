// An authenticator that nobody holds answers two requests, of which one fails. Then nothing is left to do. Run with
// --expose-gc.
import * as puremq from "puremq"
import { say } from "./play.js"

const collect = globalThis.gc
if (collect === undefined) throw new Error("Run with --expose-gc")

async function startOne(): Promise<void> {
  const authenticator = new puremq.Authenticator()
  authenticator.configurePlain("*", ({ username }) => {
    if (username === "ada") return true
    throw new Error("The database is away")
  })
  await authenticator.start()
}

await startOne()
const request = new puremq.Request()
request.connect("inproc://zeromq.zap.01")
for (const username of ["eve", "ada"]) {
  // What is lost goes in one of several turns.
  for (let round = 0; round < 5; round++) {
    collect()
    await new Promise(setImmediate)
  }
  await request.send(["1.0", "1", "", "", "", "PLAIN", username, ""])
  say(String((await request.receive())[2]))
}

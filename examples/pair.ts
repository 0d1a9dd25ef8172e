// PAIR: two ends inside one process, each free to speak at any time. Between machines take another pattern.
// node build/examples/pair.js [messages]
import * as zmq from "puremq"

const [messages = "3"] = process.argv.slice(2)
const address = "inproc://conversation"

// An inproc address is known only inside its context, so both ends share one. Left last to right, the
// sockets are closed first and the context is then waited for.
await using context = new zmq.Context()
using left = new zmq.Pair({ context })
using right = new zmq.Pair({ context })
await left.bind(address)
right.connect(address)

async function count(): Promise<void> {
  for (let i = 1; i <= Number(messages); i++) {
    console.log(`Left sends: ${i}`)
    await left.send(`${i}`)
  }
  await left.send("done")
  const [answer] = await left.receive()
  console.log(`Left received: ${answer}`)
}

async function sum(): Promise<void> {
  let total = 0
  for await (const [message] of right) {
    if (`${message}` === "done") break
    console.log(`Right received: ${message}`)
    total += Number(`${message}`)
  }
  console.log(`Right sends: the sum is ${total}`)
  await right.send(`the sum is ${total}`)
}

await Promise.all([count(), sum()])

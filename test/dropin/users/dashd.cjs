// A client of a Dash node by the package @dashevo/dashd-zmq, and a node that has found a block.
const Client = require("@dashevo/dashd-zmq")
const { Publisher } = require("zeromq")

async function main() {
  const node = new Publisher({ linger: 0 })
  await node.bind("tcp://127.0.0.1:0")
  const client = new Client({ protocol: "tcp", host: "127.0.0.1", port: node.lastEndpoint.split(":").pop() })
  await client.connect()
  console.log(`connected ${client.isConnected}`)
  const told = setInterval(() => node.send([Client.TOPICS.hashblock, Buffer.from("c0ffee", "hex"), "0"]), 20)
  client.subscribe(Client.TOPICS.hashblock, async (hash) => {
    clearInterval(told)
    client.removeAllListeners(Client.TOPICS.hashblock)
    console.log(`block ${hash}`)
    await client.close()
    node.close()
  })
}

main()

type Library = typeof import("puremq", { with: { "resolution-mode": "import" }})

const { Pull, Push } = require("puremq") as Library

async function main(): Promise<void> {
  const [pull, push] = [new Pull(), new Push()]
  await pull.bind("tcp://127.0.0.1:*")
  push.connect(pull.lastEndpoint as string)
  await push.send("by require")
  console.log(`received ${await pull.receiveString()}`)
}

void main()

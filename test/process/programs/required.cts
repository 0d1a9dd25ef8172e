// The package as CommonJS gets it, beside the package as modules get it.
type Library = typeof import("puremq", { with: { "resolution-mode": "import" }})

type Draft = typeof import("puremq/draft", { with: { "resolution-mode": "import" }})

const required = require("puremq") as Library
const requiredDraft = require("puremq/draft") as Draft

async function main(): Promise<void> {
  const { default: all, ...imported } = await import("puremq")
  for (const [name, value] of Object.entries(imported)) {
    if (required[name as keyof typeof required] !== value) throw new Error(`${name} is not the same`)
  }
  console.log(`same: ${Object.keys(imported).join(" ")}`)
  console.log(`all in one: ${all.Push === imported.Push}`)

  const pull = new required.Pull()
  await pull.bind("inproc://both")
  const push = new imported.Push()
  push.connect("inproc://both")
  await push.send("from a module")
  console.log(`received ${await pull.receiveString()}`)
  const [binder, connecter] = [new required.Pull(), new required.Push()]
  binder.bindSync("ws://127.0.0.1:*")
  connecter.connect(binder.lastEndpoint as string)
  await connecter.send("over a WebSocket")
  console.log(`received ${await binder.receiveString()}`)
  console.log(`instance: ${push instanceof required.Socket}`)

  const { default: allDraft, ...importedDraft } = await import("puremq/draft")
  for (const [name, value] of Object.entries(importedDraft)) {
    if (requiredDraft[name as keyof Draft] !== value) throw new Error(`${name} is not the same`)
  }
  const gather = new requiredDraft.Gather({ context: imported.context })
  console.log(`draft instance: ${gather instanceof required.Socket}`)
  console.log(`draft all in one: ${allDraft.Gather === importedDraft.Gather}`)
  try {
    await new importedDraft.Server().send("nobody", { routingId: 1 })
  } catch (error) {
    console.log(`draft error: ${error instanceof required.ZmqError && error.code}`)
  }
}

void main()

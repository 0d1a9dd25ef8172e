// Two copies of the package in one process, as when two dependencies bring a version each.
import { play, say } from "./play.js"

type Library = typeof import("puremq")

async function load(url: string): Promise<Library> {
  return (await import(url)) as Library
}

await play({
  async talk(firstUrl: string, secondUrl: string) {
    const [first, second] = [await load(firstUrl), await load(secondUrl)]
    say(`apart: ${first.Push !== second.Push}`)
    const pull = new first.Pull()
    await pull.bind("tcp://127.0.0.1:0")
    const push = new second.Push()
    push.connect(pull.lastEndpoint ?? "")
    await push.send("over tcp")
    say(`received ${await pull.receiveString()}`)

    // Each has names of its own within the process.
    await pull.bind("inproc://name")
    await new second.Pull().bind("inproc://name")
    try {
      new first.Push({ context: second.context as unknown as InstanceType<Library["Context"]> })
    } catch (error) {
      say(String(error))
    }
  },

  /** Both have something to send when the process would end. */
  async flush(firstUrl: string, secondUrl: string, address: string) {
    for (const url of [firstUrl, secondUrl]) {
      const { Push } = await load(url)
      const push = new Push()
      push.connect(address)
      await push.send("flushed")
    }
  },
})

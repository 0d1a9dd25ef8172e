// Clone, a client: makes some changes, and prints what it hears of everybody's.
// node build/examples/clone/replica.js [servers, each snapshots,updates,changes; the first is preferred] -- [key=value...]
import { CloneClient } from "./client.js"

const args = process.argv.slice(2)
const end = args.indexOf("--") < 0 ? args.length : args.indexOf("--")
const given = args.slice(0, end)
const servers = given.length > 0 ? given : ["tcp://localhost:5556,tcp://localhost:5557,tcp://localhost:5558"]

using clone = new CloneClient(servers)

async function makeChanges(): Promise<void> {
  for (const change of args.slice(end + 1)) {
    const [key = "", value = ""] = change.split("=")
    await clone.set(key, value)
  }
}

void makeChanges()
for await (const { key, value, sequence } of clone.updates()) console.log(`${sequence}: ${key}=${value}`)

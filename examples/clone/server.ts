// Clone, the server: keeps a map of which every client has a copy. It gives newcomers a snapshot, takes the clients'
// changes, numbers them and publishes them to all (RFC 12). Given another server, it is the backup of that one: it
// follows it until it falls silent, and serves on. A server that comes back is started as the backup of the other one.
// node build/examples/clone/server.js [addresses for snapshots,updates,changes] [addresses of the other server]
import * as zmq from "puremq"
import { CloneClient } from "./client.js"
import { ALIVE, addressesOf, END, type Entry, interval, SNAPSHOT, toEntry, toFrames } from "./protocol.js"

const [addresses = "tcp://*:5556,tcp://*:5557,tcp://*:5558", other] = process.argv.slice(2)
const [snapshotAddress, updateAddress, changeAddress] = addressesOf(addresses)

using snapshots = new zmq.Router()
using updates = new zmq.Publisher()
using changes = new zmq.Pull()
await snapshots.bind(snapshotAddress)
await updates.bind(updateAddress)
await changes.bind(changeAddress)
const endpoints = [snapshots, updates, changes].map((socket) => socket.lastEndpoint)
console.log(`Clone is running on ${endpoints.join(",")}`)

const entries = new Map<string, Entry>()
let sequence = 0

async function publish(entry: Entry): Promise<void> {
  sequence = Math.max(sequence, entry.sequence)
  if (entry.value === "") entries.delete(entry.key)
  else entries.set(entry.key, entry)
  await updates.send(toFrames(entry))
}

async function giveSnapshots(): Promise<void> {
  for await (const [client, word, subtree] of snapshots) {
    if (!client || `${word}` !== SNAPSHOT) continue
    // Taken in one go, so that it has all changes up to its number and none beyond.
    const end: Entry = { key: END, sequence, value: `${subtree}` }
    const wanted = [...entries.values()].filter(({ key }) => key.startsWith(`${subtree}`))
    for (const entry of [...wanted, end]) await snapshots.send([client, ...toFrames(entry)])
  }
}

async function takeChanges(): Promise<void> {
  for await (const frames of changes) {
    const { key, value } = toEntry(frames)
    await publish({ key, value, sequence: sequence + 1 })
  }
}

async function backUp(server: string): Promise<void> {
  using primary = new CloneClient([server])
  for await (const entry of primary.follow(server)) {
    console.log(`Backs up ${entry.sequence}: ${entry.key}=${entry.value}`)
    await publish(entry)
    // A change that took a key away has a number, but no entry.
    sequence = primary.sequence
  }
  console.log(`The other server is silent, serving on with ${entries.size} entries`)
}

using _signs = setInterval(() => {
  void updates.send(toFrames({ key: ALIVE, sequence: 0, value: "" }))
}, interval)
if (other !== undefined) await backUp(other)
await Promise.all([giveSnapshots(), takeChanges()])

// Binary Star: one of two servers is active, and the other one takes over when it is killed.
import assert from "node:assert/strict"
import { test } from "node:test"
import { vacantPort } from "../suites/vacant-port.js"
import { example } from "./programs.js"

// On a busy machine a primary that is alive must not seem to be silent.
process.env.HEARTBEAT_INTERVAL = "500"

const vacant = async (): Promise<string> => `tcp://127.0.0.1:${await vacantPort()}`

test("a binary star's backup takes over when the primary is killed and clients ask", async () => {
  const [own = "", other = "", clientsA = "", clientsB = ""] = [
    await vacant(),
    await vacant(),
    await vacant(),
    await vacant(),
  ]
  await using primary = example("binary-star/server", "primary", clientsA, own, other)
  await using backup = example("binary-star/server", "backup", clientsB, other, own)
  await primary.line(/^Now active$/)
  await backup.line(/^Now passive$/)
  // Who asks the passive one first is not answered, and asks the other.
  await using astray = example("binary-star/client", "1", "2000", clientsB, clientsA)
  await astray.success()
  assert.equal(astray.lines[0], "No answer, asking the other one")
  assert.equal(astray.lines.at(-1), "Received: Request 0 is done by the primary")

  await using client = example("binary-star/client", "30", "500", clientsA, clientsB)
  await client.line(/by the primary$/)
  await primary.kill()
  await client.success()
  assert.equal(client.lines.at(-1), "Received: Request 29 is done by the backup")
  await backup.line(/^Now active$/)

  // A primary that comes back leaves the work to who has it.
  await using returned = example("binary-star/server", "primary", clientsA, own, other)
  await returned.line(/^Now passive$/)
})

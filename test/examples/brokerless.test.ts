// Freelance and Binary Star: clients that go to another server when theirs is killed.
import assert from "node:assert/strict"
import { test } from "node:test"
import { vacantPort } from "../suites/vacant-port.js"
import { anyPort, endpointsOf, example } from "./programs.js"

const vacant = async (): Promise<string> => `tcp://127.0.0.1:${await vacantPort()}`

test("a freelance client goes on with the other server when its server is killed", async () => {
  await using anna = example("freelance/server", anyPort, "anna")
  await using ben = example("freelance/server", anyPort, "ben")
  const [first = ""] = await endpointsOf(anna)
  const [second = ""] = await endpointsOf(ben)
  const nobody = await vacant()
  await using client = example("freelance/ask", "40", "50", nobody, first, second)
  // The first that is known to be alive: which of them answers the first ping is open.
  const [, name] = await client.line(/^Received: Request 5 is done by (\w+)$/)
  const [killed, other] = name === "anna" ? [anna, "ben"] : [ben, "anna"]
  await killed.kill()
  await client.success()
  assert.equal(client.lines.filter((line) => line.startsWith("Received")).length, 40)
  assert.equal(client.lines.at(-1), `Received: Request 39 is done by ${other}`)
})

test("a freelance client waits for a server that is not there yet", async () => {
  const address = await vacant()
  await using client = example("freelance/ask", "1", "0", address)
  await using server = example("freelance/server", address, "anna")
  await client.success()
  assert.deepEqual(client.lines, ["Received: Request 0 is done by anna"])
  // Asked once, whatever went on before it came.
  assert.equal(server.lines.filter((line) => line.includes("works on")).length, 1)
})

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
  await using astray = example("binary-star/client", "1", "500", clientsB, clientsA)
  await astray.success()
  assert.deepEqual(astray.lines, [
    "No answer, asking the other one",
    "Received: Request 0 is done by the primary",
  ])

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

// Freelance: clients that go to another server when theirs is killed.
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
  await using _server = example("freelance/server", address, "anna")
  await client.success()
  assert.deepEqual(client.lines, ["Received: Request 0 is done by anna"])
})

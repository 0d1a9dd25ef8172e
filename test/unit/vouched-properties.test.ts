// Whose word counts of what is said of a peer: its own, or our authenticator's.
import assert from "node:assert/strict"
import { test } from "node:test"
import { AnnouncedPeer, keepProperties } from "#src/announced-peer.js"
import { EMPTY, fromText } from "#src/bytes.js"
import { readPeer } from "#src/link/metadata.js"
import type { Verdict } from "#src/security/authentication.js"
import { hello } from "./sample-hello.js"

type Pairs = readonly (readonly [name: string, value: string])[]

const toMap = (pairs: Pairs) => new Map(pairs.map(([name, value]) => [name, fromText(value)]))

function known(announced: Pairs, userId: string, vouched: Pairs): ReadonlyMap<string, string> {
  const verdict: Verdict = { status: 200, userId: fromText(userId), properties: toMap(vouched) }
  const peer = readPeer(toMap([["Socket-Type", "PUSH"], ...announced]), hello, "10.0.0.1:1", verdict)
  return peer.properties
}

test("a peer cannot say what our authenticator says of it, in whatever case", () => {
  const properties = known([["x-role", "boss"]], "ada", [["X-Role", "clerk"]])
  assert.deepEqual([...properties].slice(2), [
    ["User-Id", "ada"],
    ["X-Role", "clerk"],
  ])
})

test("a peer does not get the place of what there was no room for", () => {
  const properties = known([["x-role", "boss"]], "ada", [["X-Role", "x".repeat(70_000)]])
  assert.equal(properties.get("X-Role"), undefined)
  const many = Array.from({ length: 70 }, (_, at) => [`X-${at}`, "vouched"] as const)
  assert.equal(known([["X-69", "boss"]], "", many).get("X-69"), undefined)
})

test("the id of a user is not changed by the metadata that comes with it", () => {
  for (const name of ["User-Id", "user-id"]) {
    assert.equal(known([[name, "eve"]], "ada", [[name, "bob"]]).get("User-Id"), "ada")
    assert.equal(known([[name, "eve"]], "", [[name, "bob"]]).get("User-Id"), "bob")
    assert.equal(known([[name, "eve"]], "", []).get("User-Id"), undefined)
  }
})

test("who announces nothing and of whom nothing is said has the usual properties alone", () => {
  assert.equal(keepProperties(new Map()), undefined)
  assert.deepEqual([...new AnnouncedPeer("PUSH", EMPTY, "").properties], [["Socket-Type", "PUSH"]])
})

// What the library says of itself.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import * as zmq from "puremq"
import { fromRoot } from "../interop/package-root.js"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq } from "../suites/library.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

test("version and capability have the form that they have in zeromq.js", { skip }, () => {
  if (typeof zeromq === "string") return
  const theirs = zeromq.zmq as unknown as { version: string; capability: Record<string, boolean> }
  assert.equal(zmq.version, theirs.version)
  assert.deepEqual(Object.keys(zmq.capability).sort(), Object.keys(theirs.capability).sort())
  for (const value of Object.values(zmq.capability)) assert.equal(typeof value, "boolean")
})

test("capability tells of what is there", () => {
  assert.equal(zmq.capability.curve, "curveKeyPair" in zmq, "curve")
  const { exports } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8")) as { exports: object }
  assert.equal(zmq.capability.draft, "./draft" in exports, "draft")
  using push = new zmq.Push()
  for (const scheme of ["ipc", "tipc", "pgm", "norm"] as const) {
    const connect = (): void => push.connect(`${scheme}://nowhere`)
    if (zmq.capability[scheme]) connect()
    else assert.throws(connect, { code: "EPROTONOSUPPORT" })
  }
})

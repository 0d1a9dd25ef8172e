// Keys and certificates as the package has them. What is in the files, and who else reads them, is tested beside CURVE.
import assert from "node:assert/strict"
import { statSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import * as puremq from "puremq"
import { unlessMissing } from "../interop/peer.js"
import { loadZeromq } from "../suites/library.js"
import { fails, temporaryFolder } from "./places.js"

const publicKey = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
const secretKey = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

test("curveKeyPair makes a new pair each time, in Z85", () => {
  const pair = puremq.curveKeyPair()
  assert.deepEqual(Object.keys(pair).sort(), ["publicKey", "secretKey"])
  assert.equal(puremq.z85Decode(pair.publicKey).length, 32)
  assert.equal(puremq.z85Decode(pair.secretKey).length, 32)
  assert.equal(puremq.curvePublicKey(pair.secretKey), pair.publicKey)
  assert.notEqual(puremq.curveKeyPair().secretKey, pair.secretKey)
})

const zeromq = loadZeromq()

test(
  "curveKeyPair gives what zeromq.js's gives, and finds the public key of a pair from there",
  unlessMissing(typeof zeromq === "string" ? zeromq : undefined),
  () => {
    assert.ok(typeof zeromq !== "string")
    const theirs = (zeromq.zmq as unknown as { curveKeyPair(): puremq.CurveKeyPair }).curveKeyPair()
    assert.deepEqual(Object.keys(theirs).sort(), Object.keys(puremq.curveKeyPair()).sort())
    assert.equal(puremq.curvePublicKey(theirs.secretKey), theirs.publicKey)
  },
)

test("curvePublicKey takes a key as text or as bytes, and nothing else", () => {
  assert.equal(puremq.curvePublicKey(secretKey), publicKey)
  assert.equal(puremq.curvePublicKey(puremq.z85Decode(secretKey)), publicKey)
  assert.equal(puremq.curvePublicKey(Uint8Array.from(puremq.z85Decode(secretKey))), publicKey)
  for (const key of ["", "0".repeat(39), "~".repeat(40), Buffer.alloc(31)]) {
    assert.throws(() => puremq.curvePublicKey(key), fails("EINVAL"))
  }
  for (const key of [undefined, null, 1, [secretKey], new ArrayBuffer(32)]) {
    assert.throws(() => puremq.curvePublicKey(key as unknown as string), TypeError)
  }
})

test("z85Encode and z85Decode undo each other (RFC 32)", () => {
  const bytes = Buffer.from("864fd26fb559f75b", "hex")
  assert.equal(puremq.z85Encode(bytes), "HelloWorld")
  assert.deepEqual(puremq.z85Decode("HelloWorld"), bytes)
  assert.throws(() => puremq.z85Encode(Buffer.alloc(3)), fails("EINVAL"))
  for (const text of ["", "Hello!!", "Hell~", "%nSc1"]) {
    assert.throws(() => puremq.z85Decode(text), fails("EINVAL"), text)
  }
  assert.throws(() => puremq.z85Encode("text" as unknown as Uint8Array), TypeError)
  assert.throws(() => puremq.z85Decode(bytes as unknown as string), TypeError)
})

test("certificates are made, read and saved by way of the package", (t) => {
  const folder = temporaryFolder(t)
  const { publicFile, secretFile } = puremq.createCertificates(folder, "ada", { name: "Ada" })
  const secret = puremq.loadCertificate(secretFile)
  assert.equal(puremq.curvePublicKey(secret.secretKey ?? ""), secret.publicKey)
  assert.deepEqual(puremq.loadCertificate(publicFile), {
    publicKey: secret.publicKey,
    metadata: { name: "Ada" },
  })
  if (process.platform !== "win32") assert.equal(statSync(secretFile).mode & 0o777, 0o600)
  puremq.saveCertificate(join(folder, "eve.key"), { publicKey, secretKey, metadata: {} })
  assert.deepEqual(puremq.loadCertificates(folder), new Set([secret.publicKey, publicKey]))
  assert.deepEqual(puremq.loadCertificates(folder, "eve.key"), new Set([publicKey]))
  assert.equal(puremq.loadCertificate(join(folder, "eve.key_secret")).secretKey, secretKey)
})

test("wrong arguments are TypeErrors, and what is not there is ENOENT", (t) => {
  const folder = temporaryFolder(t)
  const wrong = undefined as unknown as string
  assert.throws(() => puremq.createCertificates(wrong, "a"), TypeError)
  assert.throws(() => puremq.createCertificates(folder, wrong), TypeError)
  assert.throws(
    () => puremq.createCertificates(folder, "a", null as unknown as Record<string, string>),
    TypeError,
  )
  assert.throws(() => puremq.saveCertificate(wrong, { publicKey, metadata: {} }), TypeError)
  assert.throws(
    () => puremq.saveCertificate(join(folder, "a"), null as unknown as puremq.CurveCertificate),
    TypeError,
  )
  assert.throws(() => puremq.loadCertificate(wrong), TypeError)
  assert.throws(() => puremq.loadCertificates(wrong), TypeError)
  assert.throws(() => puremq.loadCertificates(folder, 1 as unknown as string), TypeError)
  assert.throws(() => puremq.loadCertificate(join(folder, "none")), fails("ENOENT"))
  assert.throws(() => puremq.loadCertificates(join(folder, "none")), fails("ENOENT"))
  assert.deepEqual(puremq.loadCertificates(folder), new Set())
})

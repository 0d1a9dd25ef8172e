import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type TestContext, test } from "node:test"
import fc from "fast-check"
import { ZmqError } from "#src/errors.js"
import {
  createCertificate,
  loadCertificate,
  loadCertificates,
  saveCertificate,
} from "#src/platform/node/certificates.js"
import { nodeKeys } from "#src/platform/node/curve-keys.js"
import { formatCertificate, parseCertificate } from "#src/security/curve/certificate.js"
import { createCurveKeyPair, decodeKey, deriveCurvePublicKey } from "#src/security/curve/keys.js"
import { findPython, unlessMissing } from "../interop/peer.js"

const publicKey = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
const secretKey = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

const fails =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof ZmqError && error.code === code

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "puremq-certificates-"))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

// ---- Keys

test("a key pair is 40 characters of Z85 each, and the secret key has the public one in it", () => {
  const pair = createCurveKeyPair(nodeKeys)
  assert.equal(pair.publicKey.length, 40)
  assert.equal(pair.secretKey.length, 40)
  assert.equal(deriveCurvePublicKey(nodeKeys, pair.secretKey), pair.publicKey)
  assert.equal(deriveCurvePublicKey(nodeKeys, decodeKey(pair.secretKey)), pair.publicKey)
  assert.notEqual(createCurveKeyPair(nodeKeys).publicKey, pair.publicKey)
})

test("the public key is libzmq's", () => {
  assert.equal(deriveCurvePublicKey(nodeKeys, secretKey), publicKey)
})

test("what is neither 32 bytes nor 40 characters is no key", () => {
  for (const key of [
    "",
    "0".repeat(39),
    "0".repeat(45),
    "~".repeat(40),
    Buffer.alloc(31),
    Buffer.alloc(40),
  ]) {
    assert.throws(() => decodeKey(key), fails("EINVAL"))
    assert.throws(() => deriveCurvePublicKey(nodeKeys, key), fails("EINVAL"))
  }
})

// ---- Text

test("a secret certificate, as CZMQ and pyzmq read it", () => {
  const metadata = { name: "Ada", town: 'the "city"' }
  assert.equal(
    formatCertificate({ publicKey, secretKey, metadata }),
    [
      "#   ZeroMQ CURVE **Secret** Certificate",
      "#   DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its permissions.",
      "",
      "metadata",
      '    name = "Ada"',
      "    town = 'the \"city\"'",
      "curve",
      `    public-key = "${publicKey}"`,
      `    secret-key = "${secretKey}"`,
      "",
    ].join("\n"),
  )
})

test("a public certificate has no secret key", () => {
  const text = formatCertificate({ publicKey, metadata: {} })
  assert.ok(text.includes(`    public-key = "${publicKey}"\n`))
  assert.ok(!text.includes("secret"))
})

test("what CZMQ writes is read", () => {
  const text = `#   ****  Generated on 2023-02-17 21:05:10 by CZMQ  ****
#   ZeroMQ CURVE **Secret** Certificate
#   DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its permissions.

metadata
    name = "flux # 1"
    userid = "0"
curve
    public-key = "${publicKey}"
    secret-key = "${secretKey}"
`
  assert.deepEqual(parseCertificate(text), {
    publicKey,
    secretKey,
    metadata: { name: "flux # 1", userid: "0" },
  })
  assert.deepEqual(parseCertificate(text.replaceAll("\n", "\r\n")).metadata, {
    name: "flux # 1",
    userid: "0",
  })
})

test("what is written by hand is read: without quotes, with comments, in any order", () => {
  const hashed = `${"0".repeat(39)}#`
  const text = `curve     # the keys
  public-key=${hashed}   # of mine
  secret-key = '${secretKey}'
  nested
      public-key = "no key"
metadata
\tname = Ada Lovelace # the countess
\tempty
other
    public-key = "no key either"
public-key = "nor this"
this is no property of any kind
`
  assert.deepEqual(parseCertificate(text), {
    publicKey: hashed,
    secretKey,
    metadata: { name: "Ada Lovelace", empty: "" },
  })
})

test("without a public key, or with a key that is none, it is no certificate", () => {
  for (const text of [
    "",
    "curve\n",
    `curve\n    secret-key = "${secretKey}"\n`,
    `metadata\n    public-key = "${publicKey}"\n`,
    `public-key = "${publicKey}"\n`,
    'curve\n    public-key = "short"\n',
    `curve\n    public-key = "${publicKey}"\n    secret-key = "short"\n`,
  ]) {
    assert.throws(() => parseCertificate(text), fails("EINVAL"), JSON.stringify(text))
  }
})

test("what ZPL cannot express is not written", () => {
  for (const metadata of [{ "a b": "" }, { "": "" }, { a: "one\ntwo" }, { a: "\"'" }, { a: "\0" }]) {
    assert.throws(() => formatCertificate({ publicKey, metadata }), fails("EINVAL"))
  }
  assert.throws(() => formatCertificate({ publicKey: "short", metadata: {} }), fails("EINVAL"))
  assert.throws(() => formatCertificate({ publicKey, secretKey: "short", metadata: {} }), fails("EINVAL"))
})

test("metadata survives", () => {
  const name = fc.stringMatching(/^[A-Za-z0-9$\-_@.&+/]{1,20}$/).filter((text) => text !== "__proto__")
  const value = fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cc}/u.test(text) && !text.includes('"'))
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (metadata) => {
      assert.deepEqual(parseCertificate(formatCertificate({ publicKey, secretKey, metadata })), {
        publicKey,
        secretKey,
        metadata,
      })
    }),
  )
})

test("any text either is a certificate or is refused", () => {
  const piece = fc.constantFrom(
    "curve",
    "metadata",
    "\n",
    "    ",
    "\t",
    "=",
    '"',
    "'",
    "#",
    publicKey,
    "public-key",
    "a",
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      try {
        decodeKey(parseCertificate(pieces.join("")).publicKey)
      } catch (error) {
        assert.ok(fails("EINVAL")(error))
      }
    }),
  )
})

// ---- Files

const modeOf = (file: string): number => statSync(file).mode & 0o777
const onWindows = { skip: process.platform === "win32" && "Windows has no such modes" }

test("a new certificate is two files, and others may read but one", onWindows, (t) => {
  const folder = temporaryFolder(t)
  const { publicFile, secretFile } = createCertificate(folder, "ada", { name: "Ada" })
  assert.equal(publicFile, join(folder, "ada.key"))
  assert.equal(secretFile, join(folder, "ada.key_secret"))
  assert.equal(modeOf(secretFile), 0o600)
  assert.ok(!readFileSync(publicFile, "utf8").includes("secret-key"))
  const secret = loadCertificate(secretFile)
  const open = loadCertificate(publicFile)
  assert.equal(open.publicKey, secret.publicKey)
  assert.equal(open.secretKey, undefined)
  assert.deepEqual(secret.metadata, { name: "Ada" })
  assert.equal(deriveCurvePublicKey(nodeKeys, secret.secretKey ?? ""), secret.publicKey)
})

test(
  "a secret file that everybody could read is nobody else's once it has been written anew",
  onWindows,
  (t) => {
    const folder = temporaryFolder(t)
    const file = join(folder, "ada.key")
    writeFileSync(`${file}_secret`, "x".repeat(2000), { mode: 0o666 })
    chmodSync(`${file}_secret`, 0o666)
    saveCertificate(file, { publicKey, secretKey, metadata: {} })
    assert.equal(modeOf(`${file}_secret`), 0o600)
    assert.deepEqual(loadCertificate(`${file}_secret`), { publicKey, secretKey, metadata: {} })
  },
)

test("the keys of a folder are those of its public certificates", (t) => {
  const folder = temporaryFolder(t)
  assert.deepEqual(loadCertificates(folder), new Set())
  const created = ["a", "b"].map(
    (name) => loadCertificate(createCertificate(folder, name).publicFile).publicKey,
  )
  saveCertificate(join(folder, "c.txt"), { publicKey, metadata: {} })
  writeFileSync(join(folder, "d.key"), "no certificate\n")
  mkdirSync(join(folder, "e.key"))
  assert.deepEqual(loadCertificates(folder), new Set(created))
  assert.deepEqual(loadCertificates(folder, ""), new Set([...created, publicKey]))
})

test("what is not there is ENOENT, and what is no certificate EINVAL", (t) => {
  const folder = temporaryFolder(t)
  assert.throws(() => loadCertificate(join(folder, "none.key")), fails("ENOENT"))
  assert.throws(() => loadCertificates(join(folder, "none")), fails("ENOENT"))
  assert.throws(() => createCertificate(join(folder, "none"), "a"), fails("ENOENT"))
  assert.throws(() => loadCertificate(folder), fails("EINVAL"))
  writeFileSync(join(folder, "a.key"), "curve\n")
  assert.throws(() => loadCertificate(join(folder, "a.key")), fails("EINVAL"))
})

const python = findPython()
const peer = unlessMissing(typeof python === "string" ? python : undefined)

function runPython(program: string, ...parameters: string[]): unknown {
  assert.ok(typeof python !== "string")
  const { stdout, stderr, status } = spawnSync(python.command, ["-c", program, ...parameters], {
    encoding: "utf8",
    timeout: 30_000,
  })
  assert.equal(status, 0, stderr || "Python has not ended.")
  return JSON.parse(stdout)
}

test("pyzmq reads our certificates", peer, (t) => {
  const folder = temporaryFolder(t)
  const { publicFile, secretFile } = createCertificate(folder, "ada", { name: "Ada" })
  const read = runPython(
    `
import json, sys, zmq.auth
text = lambda key: key and key.decode()
print(json.dumps([
  [text(key) for key in zmq.auth.load_certificate(sys.argv[1])],
  [text(key) for key in zmq.auth.load_certificate(sys.argv[2])],
  [text(key) for key in zmq.auth.load_certificates(sys.argv[3])],
]))`,
    publicFile,
    secretFile,
    folder,
  )
  const ours = loadCertificate(secretFile)
  assert.deepEqual(read, [[ours.publicKey, null], [ours.publicKey, ours.secretKey], [ours.publicKey]])
})

test("we read pyzmq's certificates", peer, (t) => {
  const folder = temporaryFolder(t)
  const [publicFile, secretFile] = runPython(
    `
import json, sys, zmq.auth
print(json.dumps(zmq.auth.create_certificates(sys.argv[1], "ada", {"name": "Ada Lovelace", "town": "London"})))`,
    folder,
  ) as [string, string]
  const secret = loadCertificate(secretFile)
  assert.deepEqual(secret.metadata, { name: "Ada Lovelace", town: "London" })
  assert.equal(deriveCurvePublicKey(nodeKeys, secret.secretKey ?? ""), secret.publicKey)
  assert.deepEqual(loadCertificate(publicFile), { publicKey: secret.publicKey, metadata: {} })
  assert.deepEqual(loadCertificates(folder), new Set([secret.publicKey]))
})

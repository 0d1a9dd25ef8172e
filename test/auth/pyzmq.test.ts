// The same rules and the same requests, here and with pyzmq's Authenticator. Where the answers differ, that is said.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { test } from "node:test"
import * as puremq from "puremq"
import { fromRoot } from "../interop/package-root.js"
import { findPython, unlessMissing } from "../interop/peer.js"
import { temporaryFolder } from "./places.js"
import { curve, from, plain, type Question, requestFrames, startAuthenticator } from "./zap-stage.js"

interface Request {
  readonly frames: string[]
  /** What pyzmq answers where we answer something else. */
  readonly theirs?: string
}

/** Rules, and requests that come to them. */
interface Scene {
  readonly allow?: string[]
  readonly deny?: string[]
  readonly passwords?: Record<string, Record<string, string>>
  /** Folders of certificates, or `*`. */
  readonly folders?: Record<string, string>
  /** Keys that a callback knows. */
  readonly callbacks?: Record<string, string[]>
  readonly requests: Request[]
}

const raw = (...frames: (string | Uint8Array)[]): Request => ({
  frames: frames.map((frame) => Buffer.from(frame as Uint8Array).toString("hex")),
})

/** A request of ours, and what pyzmq says of it if that is something else. */
const differs = (theirs: string, request: Request): Request => ({ ...request, theirs })

const asks = (...questions: Question[]): Request[] =>
  questions.map((question) => raw(...requestFrames(question)))

const [known = "", unknown = ""] = [puremq.curveKeyPair().publicKey, puremq.curveKeyPair().publicKey]

/** `folder` has the certificate of a client whose key is `certified`. */
function scenes(folder: string, certified: string): Scene[] {
  const usual = ["", "127.0.0.1", ""] as const
  return [
    // Nothing but NULL without rules.
    { requests: asks({}, { domain: "town" }, from(""), plain("ada", "secret"), curve(known)) },
    // Addresses, each as it is written.
    {
      allow: ["127.0.0.1", "::1"],
      passwords: { "*": { ada: "secret" } },
      requests: [
        ...asks({}, from("::1"), from("127.0.0.2"), from(""), plain("ada", "secret"), plain("ada", "wrong")),
        ...asks(curve(known), { ...plain("ada", "secret"), address: "127.0.0.2" }),
        // An allowed address does not stand for a mechanism: pyzmq lets in whatever it does not know.
        differs("200", raw("1.0", "1", ...usual, "NTLM")),
        // The same address, in the form that a socket of IPv6 tells it.
        differs("400", raw("1.0", "1", "", "::ffff:127.0.0.1", "", "NULL")),
      ],
    },
    {
      deny: ["127.0.0.1"],
      passwords: { "*": { ada: "secret" } },
      requests: [
        ...asks({}, from("127.0.0.2"), from(""), plain("ada", "secret")),
        ...asks({ ...plain("ada", "secret"), address: "127.0.0.2" }, { ...plain("ada", ""), address: "::1" }),
        differs("200", raw("1.0", "1", "", "::ffff:127.0.0.1", "", "NULL")),
      ],
    },
    // Passwords.
    {
      passwords: { "*": { ada: "secret", wörld: "pässword", empty: "" }, town: { eve: "apple" } },
      requests: [
        ...asks(plain("ada", "secret"), plain("ada", "Secret"), plain("ada", ""), plain("eve", "apple")),
        ...asks(plain("wörld", "pässword"), plain("empty", ""), plain("empty", " "), plain("", "")),
        ...asks(plain("eve", "apple", "town"), plain("ada", "secret", "town"), plain("eve", "", "town")),
        // There are rules for all domains: that is what both say of "*", but pyzmq goes by them without a domain alone.
        differs("400", raw(...requestFrames(plain("ada", "secret", "land")))),
        ...asks(curve(known), {}),
      ],
    },
    // Keys.
    {
      folders: { "*": folder, town: folder },
      requests: [
        ...asks(curve(certified), curve(unknown), curve(certified, "town"), curve(unknown, "town")),
        differs("400", raw(...requestFrames(curve(certified, "land")))),
        ...asks(curve(unknown, "land"), {}),
      ],
    },
    { folders: { "*": "*" }, requests: asks(curve(known), curve(unknown), curve(unknown, "town")) },
    {
      callbacks: { "*": [known], town: [unknown] },
      requests: [
        ...asks(curve(known), curve(unknown), curve(known, "town"), curve(unknown, "town")),
        differs("400", raw(...requestFrames(curve(known, "land")))),
      ],
    },
    // Requests that are none.
    {
      passwords: { "*": { ada: "secret" } },
      folders: { "*": "*" },
      requests: [
        raw("1.0", "id"),
        raw("1.0", "id", ...usual),
        raw("1.1", "id", ...usual, "NULL"),
        raw("2.0", "", ...usual, "PLAIN", "ada", "secret"),
        raw("", "id", ...usual, "NULL"),
        raw("1.0", "id", ...usual, ""),
        raw("1.0", "id", ...usual, "null"),
        raw("1.0", "id", ...usual, "PLAIN"),
        raw("1.0", "id", ...usual, "PLAIN", "ada"),
        raw("1.0", "id", ...usual, "PLAIN", "ada", "secret", ""),
        raw("1.0", "id", ...usual, "CURVE"),
        raw("1.0", "id", ...usual, "CURVE", Buffer.alloc(32), Buffer.alloc(32)),
        // A mechanism's credentials are as many as RFC 27 says, and keys as long.
        differs("200", raw("1.0", "id", ...usual, "NULL", "")),
        differs("ValueError", raw("1.0", "id", ...usual, "CURVE", Buffer.alloc(31))),
        differs("200", raw("1.0", "id", ...usual, "CURVE", Buffer.alloc(40))),
        // There is no GSSAPI here.
        differs("200", raw("1.0", "id", ...usual, "GSSAPI", "ada")),
      ],
    },
  ]
}

const python = findPython()

/** Version, id, status, user's id and metadata: the text is each one's own. */
const essential = (reply: readonly Uint8Array[]): string[] =>
  [0, 1, 2, 4, 5].map((index) => Buffer.from(reply[index] ?? "missing").toString("utf8"))

test(
  "the answers are pyzmq's, but for those that are better otherwise",
  unlessMissing(typeof python === "string" ? python : undefined),
  async (t) => {
    assert.ok(typeof python !== "string")
    const folder = temporaryFolder(t)
    const { publicFile } = puremq.createCertificates(folder, "ada")
    const played = scenes(folder, puremq.loadCertificate(publicFile).publicKey)

    const { stdout, stderr, status } = spawnSync(python.command, [fromRoot("test/auth/zap_answers.py")], {
      input: JSON.stringify(played),
      encoding: "utf8",
      timeout: 30_000,
    })
    assert.equal(status, 0, stderr || "Python has not ended.")
    const theirs = JSON.parse(stdout) as (string[] | string)[][]

    for (const [at, scene] of played.entries()) {
      await using stage = await startAuthenticator()
      const { authenticator } = stage
      authenticator.allow(...(scene.allow ?? []))
      authenticator.deny(...(scene.deny ?? []))
      for (const [domain, passwords] of Object.entries(scene.passwords ?? {})) {
        authenticator.configurePlain(domain, passwords)
      }
      for (const [domain, location] of Object.entries(scene.folders ?? {})) {
        authenticator.configureCurve(domain, location)
      }
      for (const [domain, keys] of Object.entries(scene.callbacks ?? {})) {
        authenticator.configureCurve(domain, ({ publicKey }) => keys.includes(publicKey))
      }
      for (const [index, request] of scene.requests.entries()) {
        const what = `scene ${at}, request ${index}`
        const ours = essential(await stage.askRaw(request.frames.map((frame) => Buffer.from(frame, "hex"))))
        const reply = theirs[at]?.[index] ?? "none"
        const other =
          typeof reply === "string" ? reply : essential(reply.map((hex) => Buffer.from(hex, "hex")))
        if (request.theirs === undefined) assert.deepEqual(ours, other, what)
        else {
          assert.equal(typeof other === "string" ? other : other[2], request.theirs, what)
          assert.notEqual(ours[2], request.theirs, what)
        }
      }
    }
  },
)

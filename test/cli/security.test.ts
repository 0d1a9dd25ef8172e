// Keys and certificates, and who is let in.
import assert from "node:assert/strict"
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { curvePublicKey, loadCertificate } from "puremq"
import { fromRoot } from "../interop/package-root.js"
import { findPython, unlessMissing } from "../interop/peer.js"
import { start } from "../interop/process.js"
import { ANY, type CommandLine, cli, runCli } from "./command-line.js"

const python = findPython()
const onWindows = process.platform === "win32"
let folder = ""
let clients = ""
const file = (name: string): string => join(folder, name)

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "puremq-cli-keys-"))
  clients = file("clients")
  mkdirSync(clients)
  for (const name of ["server", "ada", "eve"]) await cli("keygen", file(name)).success()
  copyFileSync(file("ada.key"), join(clients, "ada.key"))
})
after(() => rmSync(folder, { recursive: true }))

describe("keygen", () => {
  test("writes keys that belong together to standard output", async () => {
    const [, publicKey, secretKey = ""] =
      /^public-key = "(.{40})"\nsecret-key = "(.{40})"\n$/.exec(await cli("keygen").success()) ?? []
    assert.equal(curvePublicKey(secretKey), publicKey)
    const keys = JSON.parse(await cli("keygen --json").success())
    assert.equal(curvePublicKey(keys.secretKey), keys.publicKey)
  })

  test("writes a certificate whose secret part only its owner may read", async () => {
    const said = JSON.parse(
      await cli("keygen --json --metadata email=a=b --metadata", "name=Ada L.", file("new")).success(),
    )
    assert.deepEqual(said, { publicFile: file("new.key"), secretFile: file("new.key_secret") })
    const { publicKey, secretKey, metadata } = loadCertificate(said.secretFile)
    assert.deepEqual({ ...metadata }, { email: "a=b", name: "Ada L." })
    assert.equal(curvePublicKey(secretKey ?? ""), publicKey)
    assert.equal(loadCertificate(said.publicFile).secretKey, undefined)
    if (!onWindows) assert.equal(statSync(said.secretFile).mode & 0o777, 0o600)
  })

  test("writes over nothing, unless it is told to", async () => {
    const before = readFileSync(file("eve.key"), "utf8")
    const { code, complaints } = await runCli("keygen", file("eve"))
    assert.match(complaints, /is there already; --force writes over it/)
    assert.equal(code, 1)
    assert.equal(readFileSync(file("eve.key"), "utf8"), before)
    await cli("keygen --force", file("eve")).success()
    assert.notEqual(readFileSync(file("eve.key"), "utf8"), before)
  })

  test("fails where there is no folder", async () => {
    assert.equal((await runCli("keygen /nowhere/at/all")).code, 1)
  })
})

function curveServer(...more: string[]): CommandLine {
  return cli(`rep -b ${ANY} -v --echo --curve-server --curve-secret-key`, file("server.key_secret"), ...more)
}

describe("CURVE", () => {
  test("a client with or without a certificate talks to a server whose key it knows", async () => {
    await using rep = curveServer()
    const endpoint = await rep.endpoint()
    const { publicKey } = loadCertificate(file("server.key"))
    for (const words of [
      [publicKey],
      [file("server.key")],
      [file("server.key"), "--curve-secret-key", file("ada.key_secret")],
    ]) {
      assert.equal(await cli(`req ${endpoint} -m hello --curve-server-key`, ...words).success(), "hello\n")
    }
  })

  test("a server lets in whose certificate it has, and the others hear of it", async () => {
    await using rep = curveServer("--curve-clients", clients)
    const endpoint = await rep.endpoint()
    const as = (name: string): CommandLine =>
      cli(
        `req ${endpoint} -m hello --timeout 15s --curve-server-key`,
        file("server.key"),
        "--curve-secret-key",
        file(`${name}.key_secret`),
      )
    assert.equal(await as("ada").success(), "hello\n")
    await using eve = as("eve")
    await eve.complained(/^puremq: No connection at \S+: Authentication failure \(400\)$/m)
    await rep.complained(/ZAP 400/)
  })

  test("without the server's mechanism nobody comes in, and is told so", async () => {
    await using rep = curveServer()
    await using req = cli(`req ${await rep.endpoint()} -m hello`)
    await req.complained(/^puremq: No connection at \S+: The peer's mechanism is CURVE, ours is NULL\./m)
    req.signal("SIGINT")
    const { code, complaints } = await req.ended()
    assert.equal(code, 130)
    assert.equal(complaints.split("\n").length, 2, complaints)
  })

  test("publishers that wait for subscribers, and proxies, have it too", async () => {
    const server = ["--curve-server", "--curve-secret-key", file("server.key_secret")]
    const client = ["--curve-server-key", file("server.key")]
    await using proxy = cli(`proxy forwarder ${ANY} ${ANY} -v`, ...server)
    await proxy.complained(/(bind .*\n){2}/)
    const [front, back] = [...proxy.complaints.matchAll(/^bind (\S+)/gm)].map((match) => match[1])
    await using pub = cli(`pub ${front} --wait 1 -m hello`, ...client)
    await using sub = cli(`sub ${back} -n 1`, ...client)
    assert.equal(await sub.success(), "hello\n")
    await pub.success()
  })

  test(
    "talks to pyzmq by the same certificates",
    unlessMissing(typeof python === "string" ? python : undefined),
    async () => {
      assert.ok(typeof python !== "string")
      const server = start(
        python.command,
        "-u",
        fromRoot("test/cli/curve_server.py"),
        file("server.key_secret"),
        clients,
      )
      await using _ = server
      const [, endpoint] = await server.line(/^bound (\S+)$/)
      const said = cli(
        `req ${endpoint} -m hello --curve-server-key`,
        file("server.key"),
        "--curve-secret-key",
        file("ada.key_secret"),
      )
      assert.equal(await said.success(), "hello\n")
      await server.success()
    },
  )

  test("a secret key that others can read is warned of", {
    skip: onWindows && "Windows has no such modes",
  }, async () => {
    copyFileSync(file("ada.key_secret"), file("open.key_secret"))
    chmodSync(file("open.key_secret"), 0o644)
    const { code, complaints } = await runCli(
      `pull -b ${ANY} --timeout 10ms --curve-server --curve-secret-key`,
      file("open.key_secret"),
    )
    assert.match(complaints, /^puremq: Other users can read the secret key in \S+open\.key_secret$/m)
    assert.equal(code, 124)
  })
})

describe("PLAIN", () => {
  before(() => {
    writeFileSync(file("passwords"), "# the users\nadmin:se:cret\n\nuser:word\n")
    writeFileSync(file("password"), "se:cret\n")
  })

  test("a name and a password, from a file or not, and nothing else", async () => {
    await using rep = cli(`rep -b ${ANY} -v --echo --plain-server`, file("passwords"))
    const endpoint = await rep.endpoint()
    const req = `req ${endpoint} -m hello --timeout 15s --plain-username`
    assert.equal(await cli(`${req} admin --plain-password se:cret`).success(), "hello\n")
    assert.equal(await cli(`${req} admin --plain-password-file`, file("password")).success(), "hello\n")
    assert.equal(await cli(`${req} user --plain-password word`).success(), "hello\n")
    await using wrong = cli(`${req} user --plain-password se:cret`)
    await wrong.complained(/Authentication failure \(400\)/)
  })
})

describe("what does not go together is a wrong command line, and a bad file a failure", () => {
  const key = "x".repeat(40)
  for (const [words, complaint, code] of [
    ["--curve-server", /--curve-server wants --curve-secret-key/, 2],
    ["--curve-secret-key FOLDER/ada.key_secret", /--curve-secret-key wants --curve-server-key/, 2],
    [`--curve-server-key ${key} --curve-clients .`, /--curve-clients is for a --curve-server/, 2],
    [`--curve-server-key ${key} --curve-server`, /cannot be used with option/, 2],
    [`--curve-server-key ${key} --plain-username a`, /cannot be used with option/, 2],
    ["--plain-username a", /PLAIN wants a name and a password/, 2],
    ["--plain-password a", /PLAIN wants a name and a password/, 2],
    [`--curve-server-key ${"\\".repeat(40)}`, /\(EINVAL\)/, 1],
    ["--curve-server-key FOLDER/nothing.key", /nothing\.key.*\(ENOENT\)/, 1],
    ["--curve-server --curve-secret-key FOLDER/ada.key", /ada\.key has no secret key/, 1],
    [
      "--curve-server --curve-secret-key FOLDER/server.key_secret --curve-clients FOLDER/none",
      /\(ENOENT\)/,
      1,
    ],
    ["--plain-username a --plain-password-file FOLDER/none", /Cannot read \S+none/, 1],
    ["--plain-server FOLDER/ada.key", /has a line that is not name:password/, 1],
  ] as const) {
    test(words, async () => {
      const ended = await runCli(`pull -b ${ANY} ${words.replaceAll("FOLDER", folder)}`)
      assert.match(ended.complaints, complaint)
      assert.equal(ended.code, code)
    })
  }
})

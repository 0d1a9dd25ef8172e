// Whom the rules let in.
import assert from "node:assert/strict"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import * as puremq from "puremq"
import { fails, temporaryFolder } from "./places.js"
import { curve, from, plain, startAuthenticator } from "./zap-stage.js"

// ---- Without rules

test("without rules all peers of NULL are let in, as anonymous, and nobody else", async () => {
  await using stage = await startAuthenticator()
  const { publicKey } = puremq.curveKeyPair()
  assert.deepEqual(await stage.ask({}), { status: "200", userId: "anonymous", metadata: Buffer.alloc(0) })
  assert.equal(await stage.statusOf(plain("admin", "secret")), "400")
  assert.equal(await stage.statusOf(curve(publicKey)), "400")
})

// ---- Addresses

test("where addresses are allowed, no others are", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.allow("10.1.2.3", "192.168.0.0/16", "fe80::/10")
  for (const address of ["10.1.2.3", "192.168.255.1", "fe80::1", "::ffff:10.1.2.3", "::FFFF:c0a8:1"]) {
    assert.equal(await stage.statusOf(from(address)), "200", address)
  }
  for (const address of ["10.1.2.4", "192.169.0.1", "::1", "", "somewhere", "::10.1.2.3"]) {
    assert.equal(await stage.statusOf(from(address)), "400", address)
  }
})

test("who is denied stays out, whether allowed or not, and in whichever form the address comes", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.deny("10.0.0.0/8", "::1", "::ffff:172.16.0.0/108")
  for (const address of ["10.9.9.9", "::ffff:10.9.9.9", "::1", "0:0:0:0:0:0:0:1", "172.31.0.1"]) {
    assert.equal(await stage.statusOf(from(address)), "400", address)
  }
  for (const address of ["11.0.0.1", "::2", "", "172.32.0.1"]) {
    assert.equal(await stage.statusOf(from(address)), "200", address)
  }
  stage.authenticator.allow("10.9.9.9", "11.0.0.1")
  assert.equal(await stage.statusOf(from("10.9.9.9")), "400")
  assert.equal(await stage.statusOf(from("11.0.0.1")), "200")
  assert.equal(await stage.statusOf(from("11.0.0.2")), "400")
})

test("peers without an address are allowed and denied by an empty one", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.allow("10.1.2.3", "")
  assert.equal(await stage.statusOf(from("")), "200")
  stage.authenticator.deny("")
  assert.equal(await stage.statusOf(from("")), "400")
})

test("rules of addresses can be taken back", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.allow("10.0.0.0/8")
  stage.authenticator.deny("10.1.1.1")
  assert.equal(await stage.statusOf(from("11.0.0.1")), "400")
  stage.authenticator.forget("10.0.0.0/8", "10.1.1.1")
  assert.equal(await stage.statusOf(from("11.0.0.1")), "200")
  assert.equal(await stage.statusOf(from("10.1.1.1")), "200")
})

test("an allowed address needs its credentials all the same, and a denied one has none that do", async () => {
  await using stage = await startAuthenticator()
  let asked = 0
  stage.authenticator.configurePlain("*", ({ password }) => {
    asked++
    return password === "secret"
  })
  stage.authenticator.allow("127.0.0.1")
  assert.equal(await stage.statusOf(plain("admin", "wrong")), "400")
  assert.equal(await stage.statusOf(plain("admin", "secret")), "200")
  stage.authenticator.deny("127.0.0.1")
  assert.equal(await stage.statusOf(plain("admin", "secret")), "400")
  assert.equal(asked, 2)
})

test("what is no address is EINVAL or a TypeError, and changes nothing", async () => {
  await using stage = await startAuthenticator()
  const { authenticator } = stage
  for (const address of ["localhost", "10.0.0.0/33", "10.0.0", "10.0.0.0/", "::1/129", " 10.0.0.1"]) {
    assert.throws(() => authenticator.allow("127.0.0.2", address), fails("EINVAL"), address)
    assert.throws(() => authenticator.deny("127.0.0.1", address), fails("EINVAL"), address)
  }
  assert.throws(() => authenticator.deny(1 as unknown as string), TypeError)
  assert.equal(await stage.statusOf({}), "200")
})

// ---- PLAIN

test("PLAIN lets in by name and password, and gives the name back", async () => {
  await using stage = await startAuthenticator()
  const passwords = { admin: "secret", wörld: "pässword", empty: "" }
  stage.authenticator.configurePlain("*", passwords)
  passwords.admin = "changed"
  const answer = await stage.ask(plain("admin", "secret"))
  assert.deepEqual(answer, { status: "200", userId: "admin", metadata: Buffer.alloc(0) })
  assert.equal((await stage.ask(plain("wörld", "pässword"))).userId, "wörld")
  assert.equal(await stage.statusOf(plain("empty", "")), "200")
  for (const [name, password] of [
    ["admin", "Secret"],
    ["admin", "secre"],
    ["admin", "secrets"],
    ["admin", ""],
    ["nobody", "secret"],
    ["nobody", ""],
    ["nobody", "\0"],
    ["", ""],
    ["constructor", ""],
    ["__proto__", ""],
  ] as const) {
    assert.deepEqual(
      await stage.ask(plain(name, password)),
      { status: "400", userId: "", metadata: Buffer.alloc(0) },
      `${name}:${password}`,
    )
  }
})

test("a password is compared byte by byte, be it text or not", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.configurePlain("*", { admin: "\ufffd" })
  const question = { mechanism: "PLAIN", credentials: ["admin", Uint8Array.of(0xff)] }
  assert.equal(await stage.statusOf(question), "400")
  assert.equal(await stage.statusOf(plain("admin", "\ufffd")), "200")
})

test("a domain has passwords of its own, or those of all domains", async () => {
  await using stage = await startAuthenticator()
  stage.authenticator.configurePlain("town", new Map([["ada", "town"]]))
  assert.equal(await stage.statusOf(plain("ada", "town", "town")), "200")
  assert.equal(await stage.statusOf(plain("ada", "town", "land")), "400")
  assert.equal(await stage.statusOf(plain("ada", "town")), "400")
  stage.authenticator.configurePlain("*", { ada: "all" })
  assert.equal(await stage.statusOf(plain("ada", "all", "land")), "200")
  assert.equal(await stage.statusOf(plain("ada", "all")), "200")
  assert.equal(await stage.statusOf(plain("ada", "all", "town")), "400")
  stage.authenticator.configurePlain("town", {})
  assert.equal(await stage.statusOf(plain("ada", "town", "town")), "400")
  stage.authenticator.configurePlain("town", null)
  assert.equal(await stage.statusOf(plain("ada", "all", "town")), "200")
})

// ---- CURVE

test("CURVE lets in by key, and gives the key back", async () => {
  await using stage = await startAuthenticator()
  const [known, unknown] = [puremq.curveKeyPair().publicKey, puremq.curveKeyPair().publicKey]
  stage.authenticator.configureCurve("*", [known])
  assert.deepEqual(await stage.ask(curve(known)), {
    status: "200",
    userId: known,
    metadata: Buffer.alloc(0),
  })
  assert.equal(await stage.statusOf(curve(unknown)), "400")
  stage.authenticator.configureCurve("town", puremq.CURVE_ALLOW_ANY)
  assert.equal((await stage.ask(curve(unknown, "town"))).userId, unknown)
  assert.equal(await stage.statusOf(curve(unknown, "land")), "400")
  stage.authenticator.configureCurve("town", null)
  assert.equal(await stage.statusOf(curve(unknown, "town")), "400")
  assert.equal(await stage.statusOf(curve(known, "town")), "200")
})

test("CURVE lets in whose certificate is in a folder, as it is when the folder is given", async (t) => {
  const folder = temporaryFolder(t)
  const { publicKey: ada } = puremq.loadCertificate(puremq.createCertificates(folder, "ada").publicFile)
  await using stage = await startAuthenticator()
  stage.authenticator.configureCurve("*", folder)
  assert.equal(await stage.statusOf(curve(ada)), "200")
  const eve = puremq.loadCertificate(puremq.createCertificates(folder, "eve").publicFile)
  assert.equal(await stage.statusOf(curve(eve.publicKey)), "400")
  stage.authenticator.configureCurve("*", folder)
  assert.equal(await stage.statusOf(curve(eve.publicKey)), "200")
  rmSync(join(folder, "ada.key"))
  stage.authenticator.configureCurve("*", folder)
  assert.equal(await stage.statusOf(curve(ada)), "400")
  // What is wrong changes nothing.
  assert.throws(() => stage.authenticator.configureCurve("*", join(folder, "none")), fails("ENOENT"))
  assert.throws(() => stage.authenticator.configureCurve("*", ["short"]), fails("EINVAL"))
  assert.equal(await stage.statusOf(curve(eve.publicKey)), "200")
})

import assert from "node:assert/strict"
import { test } from "node:test"
import type { CryptoBackend } from "#src/security/crypto/backend.js"
import { CryptoLoader } from "#src/security/crypto/loader.js"
import { createCurveClient, createCurveServer } from "#src/security/curve/mechanisms.js"
import type { Mechanism } from "#src/security/mechanism.js"
import { libsodium } from "./backends.js"
import { clientKeys, clientPair, curveClient, serverKeys } from "./curve-stage.js"
import { always, clientProperties, codeOf, nextOf, serverProperties, shake, verdict } from "./stage.js"

/** A library that is there when the test says so. */
function loading(): { loader: CryptoLoader; load(): Promise<void>; fail(): Promise<void> } {
  let resolve: (backend: CryptoBackend) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<CryptoBackend>((yes, no) => {
    resolve = yes
    reject = no
  })
  const turn = (): Promise<void> => new Promise((done) => setImmediate(done))
  return {
    loader: new CryptoLoader([() => promise]),
    load: () => {
      resolve(libsodium)
      return turn()
    },
    fail: () => {
      reject(new Error("There is no library."))
      return turn()
    },
  }
}

function watched(mechanism: Mechanism): { progress: number } {
  const watch = { progress: 0 }
  mechanism.onProgress = () => watch.progress++
  return watch
}

test("a client is there at once, and says HELLO once the library is", async () => {
  const { loader, load } = loading()
  const client = createCurveClient(loader, clientProperties, clientKeys)
  const watch = watched(client)
  assert.equal(client.name, "CURVE")
  assert.equal(client.next(), undefined)
  assert.ok(!client.complete && client.failure === undefined && client.protection === undefined)
  await load()
  assert.equal(watch.progress, 1)
  const server = createCurveServer(loader, serverProperties, serverKeys.secretKey)
  shake(client, server)
  assert.ok(client.complete && server.complete)
  assert.deepEqual(client.peerProperties, serverProperties)
  assert.ok(client.protection !== undefined)
})

test("a server is there at once, and answers the HELLO that came before the library was", async () => {
  const { loader, load } = loading()
  const server = createCurveServer(loader, serverProperties, serverKeys.secretKey, always(200, "someone"))
  const watch = watched(server)
  const client = curveClient()
  server.handle(nextOf(client))
  assert.equal(server.next(), undefined)
  await load()
  assert.equal(watch.progress, 1)
  client.handle(nextOf(server))
  shake(client, server)
  assert.ok(client.complete && server.complete)
  assert.equal(server.verdict?.userId.toString(), "someone")
})

test("progress of the mechanism behind it is its own", async () => {
  const { loader, load } = loading()
  let answer = (): void => {}
  const server = createCurveServer(loader, serverProperties, serverKeys.secretKey, (_, reply) => {
    answer = () => reply(verdict(200))
    return () => {}
  })
  const watch = watched(server)
  await load()
  const client = curveClient()
  shake(client, server)
  assert.equal(watch.progress, 1)
  answer()
  assert.equal(watch.progress, 2)
  shake(client, server)
  assert.ok(server.complete)
})

test("a second command before the library is there is one too many", () => {
  const { loader } = loading()
  const server = createCurveServer(loader, serverProperties, serverKeys.secretKey)
  server.handle(nextOf(curveClient()))
  assert.equal(
    codeOf(() => server.handle(nextOf(curveClient()))),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
})

test("a command that was kept and is wrong ends the connection when the library is there", async () => {
  const { loader, load } = loading()
  const server = createCurveServer(loader, serverProperties, serverKeys.secretKey)
  const watch = watched(server)
  server.handle(nextOf(curveClient(libsodium, { serverKey: clientPair.publicKey })))
  await load()
  assert.equal(watch.progress, 1)
  assert.equal(
    codeOf(() => {
      throw server.failure
    }),
    "ERR_ZMTP_CRYPTOGRAPHIC",
  )
  assert.equal(server.next(), undefined)
})

test("without a library the connection ends with the reason", async () => {
  const { loader, fail } = loading()
  const client = createCurveClient(loader, clientProperties, clientKeys)
  const watch = watched(client)
  await fail()
  assert.equal(watch.progress, 1)
  assert.match(String(client.failure), /There is no library/)
  assert.equal(client.next(), undefined)
})

test("a connection that ended before the library was there is left alone", async () => {
  const { loader, load } = loading()
  const client = createCurveClient(loader, clientProperties, clientKeys)
  const watch = watched(client)
  client.close?.()
  await load()
  assert.equal(watch.progress, 0)
  assert.equal(client.next(), undefined)
  const failing = loading()
  const other = createCurveClient(failing.loader, clientProperties, clientKeys)
  other.close?.()
  await failing.fail()
  assert.equal(other.failure, undefined)
})

test("once the library is there nothing is deferred", async () => {
  const { loader, load } = loading()
  void loader.load()
  await load()
  const client = createCurveClient(loader, clientProperties, clientKeys)
  assert.equal(nextOf(client).length, 200)
})

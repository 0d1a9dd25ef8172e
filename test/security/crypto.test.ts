import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { cryptoLoader } from "#src/platform/node/crypto-loader.js"
import { nodeKeys } from "#src/platform/node/curve-keys.js"
import {
  type CryptoBackend,
  createKeyPair,
  KEY_BYTES,
  MAC_BYTES,
  NONCE_BYTES,
  sameKeys,
} from "#src/security/crypto/backend.js"
import { CryptoLoader, portableBackends } from "#src/security/crypto/loader.js"
import { nobleKeys } from "#src/security/crypto/noble-keys.js"
import { unlessMissing } from "../interop/peer.js"
import { backends, libsodium, noble, sodiumNative } from "./backends.js"

const hex = (text: string): Buffer => Buffer.from(text, "hex")
const bytesOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex")

// RFC 7748, section 6.1, which has the keys of NaCl's tests; the box is that of tests/box.c there.
const aliceSecret = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
const alicePublic = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
const bobSecret = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
const bobPublic = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
const agreed = "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389"
const boxNonce = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
const content = hex(
  "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c6129" +
    "6cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde" +
    "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705",
)
const box =
  "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a" +
  "c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae" +
  "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74" +
  "e355a5"

/** Public keys with which whoever has any secret key agrees on the same: the points of small order. */
const commonKeys: [what: string, key: Buffer][] = [
  ["zero", Buffer.alloc(KEY_BYTES)],
  ["one", hex(`01${"00".repeat(31)}`)],
  ["a point of order eight", hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")],
  ["another one", hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")],
  ["the prime less one", hex(`ec${"ff".repeat(30)}7f`)],
  ["the prime", hex(`ed${"ff".repeat(30)}7f`)],
  ["the prime and one", hex(`ee${"ff".repeat(30)}7f`)],
]

test("sodium-native takes part in these tests", unlessMissing(reasonFor(sodiumNative)), () => {
  assert.ok(backends.some(({ name }) => name === "sodium-native"))
})

function reasonFor(found: CryptoBackend | string): string | undefined {
  return typeof found === "string" ? found : undefined
}

for (const backend of backends) {
  test(`${backend.name}: keys and what they agree on are those of RFC 7748 and NaCl`, () => {
    assert.equal(bytesOf(backend.publicKey(aliceSecret)), bytesOf(alicePublic))
    assert.equal(bytesOf(backend.publicKey(bobSecret)), bytesOf(bobPublic))
    assert.equal(bytesOf(backend.agree(bobPublic, aliceSecret)), agreed)
    assert.equal(bytesOf(backend.agree(alicePublic, bobSecret)), agreed)
  })

  test(`${backend.name}: NaCl's box`, () => {
    const key = hex(agreed)
    assert.equal(bytesOf(backend.seal(content, boxNonce, key)), box)
    assert.equal(bytesOf(backend.open(hex(box), boxNonce, key)), bytesOf(content))
  })

  for (const [what, key] of commonKeys) {
    test(`${backend.name}: nobody agrees on anything with ${what}`, () => {
      assert.equal(backend.agree(key, aliceSecret), undefined)
    })
  }

  test(`${backend.name}: a box is its nonce's and its key's, and every bit of it counts`, () => {
    const key = backend.randomBytes(KEY_BYTES)
    const nonce = backend.randomBytes(NONCE_BYTES)
    const sealed = backend.seal(Buffer.from("hi"), nonce, key)
    assert.equal(sealed.length, MAC_BYTES + 2)
    for (const bytes of [sealed, nonce, key]) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
        // The top bit of a nonce or key counts as any other: only public keys have one that does not.
        assert.equal(backend.open(sealed, nonce, key), undefined)
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      }
    }
    assert.equal(Buffer.from(backend.open(sealed, nonce, key) ?? []).toString(), "hi")
    for (let length = 0; length < sealed.length; length++) {
      assert.equal(backend.open(sealed.subarray(0, length), nonce, key), undefined)
    }
  })

  test(`${backend.name}: boxes of no bytes, and of many megabytes`, () => {
    const key = backend.randomBytes(KEY_BYTES)
    const nonce = backend.randomBytes(NONCE_BYTES)
    for (const size of [0, 1, 63, 64, 65, 100_000, 5_000_000]) {
      const bytes = Buffer.alloc(size, "0123456789")
      const sealed = backend.seal(bytes, nonce, key)
      assert.equal(sealed.length, size + MAC_BYTES)
      const opened = backend.open(sealed, nonce, key)
      assert.ok(opened !== undefined && bytes.equals(opened))
      // What one library seals another opens.
      const other = backend === noble ? libsodium : noble
      assert.ok(bytes.equals(other.open(sealed, nonce, key) ?? Buffer.from("none")))
    }
  })

  test(`${backend.name}: on the bench it is the same`, () => {
    const sized = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(fc.array(sized, { minLength: 1, maxLength: 5 }), (contents) => {
        const key = backend.randomBytes(KEY_BYTES)
        const nonce = backend.randomBytes(NONCE_BYTES)
        for (const bytes of contents) {
          const from = 40
          const to = from + bytes.length + MAC_BYTES
          const back = to + bytes.length + MAC_BYTES
          const memory = backend.bench.begin(key, back + bytes.length)
          memory.set(nonce)
          memory.set(bytes, from)
          backend.bench.seal(from, bytes.length, to)
          assert.equal(
            bytesOf(memory.subarray(to, back)),
            bytesOf(libsodium === backend ? noble.seal(bytes, nonce, key) : backend.seal(bytes, nonce, key)),
          )
          assert.ok(backend.bench.open(to, bytes.length + MAC_BYTES, back))
          assert.deepEqual(memory.slice(back, back + bytes.length), memory.slice(from, from + bytes.length))
          memory[to] = (memory[to] as number) ^ 1
          assert.equal(backend.bench.open(to, bytes.length + MAC_BYTES, back), false)
          backend.bench.end()
        }
      }),
      { numRuns: 30 },
    )
  })

  test(`${backend.name}: new keys differ, and belong together`, () => {
    const one = createKeyPair(backend)
    const other = createKeyPair(backend)
    assert.notDeepEqual(one.secretKey, other.secretKey)
    assert.deepEqual(
      bytesOf(backend.agree(one.publicKey, other.secretKey)),
      bytesOf(noble.agree(other.publicKey, one.secretKey)),
    )
  })
}

for (const [name, source] of [
  ["Node", nodeKeys],
  ["@noble/curves", nobleKeys],
] as const) {
  test(`${name} makes keys at once`, () => {
    assert.equal(bytesOf(source.publicKey(aliceSecret)), bytesOf(alicePublic))
    for (let count = 0; count < 20; count++) {
      const { publicKey, secretKey } = source.createKeyPair()
      assert.equal(secretKey.length, KEY_BYTES)
      assert.equal(bytesOf(publicKey), bytesOf(libsodium.publicKey(secretKey)))
    }
  })
}

test("keys are compared whole", () => {
  const key = Buffer.alloc(KEY_BYTES, 7)
  assert.ok(sameKeys(key, Buffer.from(key)))
  for (let bit = 0; bit < KEY_BYTES * 8; bit++) {
    const other = Buffer.from(key)
    other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7))
    assert.ok(!sameKeys(key, other))
  }
  assert.ok(!sameKeys(key, key.subarray(1)))
  assert.ok(!sameKeys(key.subarray(1), key))
})

test("the first library that can be loaded is the one, and is loaded once", async () => {
  let asked = 0
  const loader = new CryptoLoader([
    () => Promise.reject(new Error("There is none.")),
    async () => {
      asked++
      return noble
    },
    () => assert.fail("One is enough."),
  ])
  assert.equal(loader.loaded, undefined)
  const [one, other] = await Promise.all([loader.load(), loader.load()])
  assert.equal(one, noble)
  assert.equal(other, noble)
  assert.equal(loader.loaded, noble)
  assert.equal(asked, 1)
})

test("without any library loading fails with a reason", async () => {
  const loader = new CryptoLoader([() => Promise.reject(new Error("There is none."))])
  await assert.rejects(loader.load(), /There is none/)
  assert.equal(loader.loaded, undefined)
})

test("every runtime gets libsodium, or at least @noble", async () => {
  const names = await Promise.all(portableBackends.map(async (load) => (await load()).name))
  assert.deepEqual(names, ["libsodium", "noble"])
})

test("Node gets sodium-native where it stands beside this library, and libsodium elsewhere", async () => {
  // Not as a literal: this package does not ask for it.
  const name = ["sodium", "native"].join("-")
  let installed = true
  try {
    import.meta.resolve(name)
  } catch {
    installed = false
  }
  assert.equal((await cryptoLoader.load()).name, installed ? name : "libsodium")
  assert.equal(await cryptoLoader.load(), cryptoLoader.loaded)
})

import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { ZmqError } from "#src/errors.js"
import { decodeZ85, encodeZ85 } from "#src/wire/z85.js"

const invalid = (error: unknown): boolean => error instanceof ZmqError && error.code === "EINVAL"

test("the example of RFC 32", () => {
  const bytes = Buffer.from("864fd26fb559f75b", "hex")
  assert.equal(encodeZ85(bytes), "HelloWorld")
  assert.deepEqual(decodeZ85("HelloWorld"), bytes)
})

test("the keys of RFC 32's test case", () => {
  const bytes = Buffer.from("8e0bdd697628b91d8f245587ee95c5b04d48963f79259877b49cd9063aead3b7", "hex")
  assert.equal(encodeZ85(bytes), "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6")
  assert.deepEqual(decodeZ85("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"), bytes)
})

test("the least and the greatest four bytes", () => {
  assert.equal(encodeZ85(Buffer.alloc(4)), "00000")
  assert.equal(encodeZ85(Buffer.alloc(4, 0xff)), "%nSc0")
  assert.deepEqual(decodeZ85("%nSc0"), Buffer.alloc(4, 0xff))
})

test("no bytes have an empty form, which is not decoded", () => {
  assert.equal(encodeZ85(Buffer.alloc(0)), "")
  assert.throws(() => decodeZ85(""), invalid)
})

test("bytes that are not in fours are not encoded", () => {
  for (const size of [1, 2, 3, 5, 31, 33]) assert.throws(() => encodeZ85(Buffer.alloc(size)), invalid)
})

test("characters that are not in fives are not decoded", () => {
  for (const size of [1, 4, 6, 39, 41]) assert.throws(() => decodeZ85("0".repeat(size)), invalid)
})

test("what tells more than four bytes is not decoded", () => {
  for (const text of ["%nSc1", "%nSd0", "#0000", "#####", "00000%nSc1"]) {
    assert.throws(() => decodeZ85(text), invalid, text)
  }
})

test("85 characters are Z85's and no other is", () => {
  let count = 0
  for (let code = 0; code < 0x300; code++) {
    const text = `0000${String.fromCharCode(code)}`
    try {
      const bytes = decodeZ85(text)
      assert.equal(encodeZ85(bytes), text)
      count++
    } catch (error) {
      assert.ok(invalid(error))
    }
  }
  assert.equal(count, 85)
})

test("any bytes in fours survive", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 }), { minLength: 1 }), (words) => {
      const bytes = Buffer.concat(words)
      const text = encodeZ85(bytes)
      assert.equal(text.length, (bytes.length / 4) * 5)
      assert.deepEqual(decodeZ85(text), bytes)
    }),
  )
})

test("any text either is the form of what it is decoded to, or is refused", () => {
  const character = fc.constantFrom(..."0123456789abcXYZ.-:+=^!/*?&<>()[]{}@%$# \"'\\,~é")
  fc.assert(
    fc.property(fc.array(character, { minLength: 1, maxLength: 20 }), (characters) => {
      const text = characters.join("")
      try {
        assert.equal(encodeZ85(decodeZ85(text)), text)
      } catch (error) {
        assert.ok(invalid(error))
      }
    }),
    { numRuns: 500 },
  )
})

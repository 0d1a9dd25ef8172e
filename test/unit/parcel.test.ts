// Messages in one piece of memory.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { Encoder } from "#src/wire/encoder.js"
import { packParcel, unpackParcel } from "#src/wire/parcel.js"
import { SlabPool } from "#src/wire/slab-pool.js"

const frame = fc
  .oneof(fc.nat(300), fc.constantFrom(255, 256, 16_384, 16_385, 70_000))
  .map((size) => Buffer.alloc(size, size % 251))
const messages = fc.array(fc.array(frame, { minLength: 1, maxLength: 4 }), { maxLength: 50 })

test("what is packed is unpacked", () => {
  fc.assert(
    fc.property(messages, (sent) => {
      const encoder = new Encoder(new SlabPool())
      for (const message of sent) encoder.push(message)
      const received: Buffer[][] = []
      for (let batch = encoder.take(); batch !== undefined; batch = encoder.take()) {
        received.push(...unpackParcel(packParcel(batch)))
        encoder.release(batch)
      }
      assert.deepEqual(received, sent)
    }),
  )
})

test("an empty frame at the end of a parcel is one", () => {
  assert.deepEqual(unpackParcel(Uint8Array.from([0, 1, 9, 0, 0])), [[Buffer.from([9])], [Buffer.alloc(0)]])
})

for (const [what, bytes] of [
  ["half a header", [0]],
  ["half a long header", [2, 0, 0, 0]],
  ["less than was announced", [0, 5, 1]],
  ["a length beyond all bounds", [2, 255, 255, 255, 255, 255, 255, 255, 255]],
  ["a message without its end", [1, 1, 9]],
  ["a command", [4, 1, 9]],
  ["flags that there are not", [8, 1, 9]],
] as const) {
  test(`${what} is a ProtocolError`, () => {
    assert.throws(() => unpackParcel(Uint8Array.from(bytes)), {
      name: "ProtocolError",
      code: "ERR_ZMTP_UNSPECIFIED",
    })
  })
}

test("whatever comes is unpacked or a ProtocolError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        for (const parts of unpackParcel(bytes)) for (const part of parts) assert.ok(part.length <= 40)
      } catch (error) {
        assert.equal((error as Error).name, "ProtocolError")
      }
    }),
  )
})

// Frames where there is no Buffer.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { FrameBytes, type TextEncoding } from "#src/frame-bytes.js"

function frameOf(bytes: Uint8Array): FrameBytes {
  const memory = new FrameBytes(bytes.length + 2)
  memory.set(bytes, 1)
  return memory.subarray(1, bytes.length + 1) as FrameBytes
}

test("frames read as text as Buffers do", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
      ),
      (bytes) => {
        const [frame, buffer] = [frameOf(bytes), Buffer.from(bytes)]
        assert.ok(frame instanceof FrameBytes)
        assert.equal(frame.toString(), buffer.toString())
        assert.equal(`${frame}`, `${buffer}`)
        for (const encoding of ["utf8", "utf-8", "latin1", "hex"] as const) {
          assert.equal(frame.toString(encoding), buffer.toString(encoding))
        }
      },
    ),
  )
  assert.equal(frameOf(Buffer.from("\ufeffmark")).toString(), "\ufeffmark")
})

test("an encoding that is none is an error", () => {
  assert.throws(() => new FrameBytes(1).toString("rot13" as TextEncoding), TypeError)
})

test("frames are equal when their bytes are", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
      assert.ok(frameOf(one).equals(one))
      assert.equal(frameOf(one).equals(other), Buffer.from(one).equals(other))
    }),
  )
})

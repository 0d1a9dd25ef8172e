// What a peer must not do with frames that are hidden.
import assert from "node:assert/strict"
import { test } from "node:test"
import type { FrameOpener, Protection } from "#src/security/mechanism.js"
import { command, frame, LONG, longHeader } from "../wire/zmtp-bytes.js"
import { cut, linked, OVERHEAD, openAll, sealAll } from "./curve-stage.js"
import { codeOf } from "./stage.js"

/** The frames that get through before a peer is refused, and the code of that. */
function refusal(
  protection: Protection,
  parts: Buffer[],
  frameBytes = Infinity,
): [frames: Buffer, code: string] {
  const opened: Uint8Array[] = []
  const opener = protection.createOpener(frameBytes, (frames) => opened.push(frames))
  const code = codeOf(() => {
    for (const part of parts) opener.open(part)
  })
  return [Buffer.concat(opened), code]
}

/** Three frames that a client sealed one by one, and the server that may open them. */
function three(): { server: Protection; sealed: [Buffer, Buffer, Buffer] } {
  const { client, server } = linked()
  const seal = (body: string): Buffer => sealAll(client.sealer, [frame(0, body)])
  return { server, sealed: [seal("a"), seal("b"), seal("c")] }
}

const orders: [what: string, order: (0 | 1 | 2)[], through: string[]][] = [
  ["sent again", [0, 1, 1, 2], ["a", "b"]],
  ["sent again later", [0, 1, 2, 0], ["a", "b", "c"]],
  ["sent out of order", [0, 2, 1], ["a", "c"]],
]
const splits: [how: string, split: (parts: Buffer[]) => Buffer[]][] = [
  ["one read", (parts) => [Buffer.concat(parts)]],
  ["one read each", (parts) => parts],
  ["pieces", (parts) => cut(Buffer.concat(parts), [0.1, 0.3, 0.45, 0.8])],
]
for (const [what, order, through] of orders) {
  for (const [how, split] of splits) {
    test(`a MESSAGE ${what} is refused, behind those that were right, in ${how}`, () => {
      const { server, sealed } = three()
      const [frames, code] = refusal(server, split(order.map((index) => sealed[index])))
      assert.equal(code, "ERR_ZMTP_INVALID_SEQUENCE")
      assert.deepEqual(frames, Buffer.concat(through.map((body) => frame(0, body))))
    })
  }
}

test("one that is missing is not: numbers only have to grow", () => {
  const { server, sealed } = three()
  assert.deepEqual(openAll(server, [sealed[0], sealed[2]]), Buffer.concat([frame(0, "a"), frame(0, "c")]))
})

test("every bit of a MESSAGE counts", () => {
  const { server, sealed } = three()
  const [first] = sealed
  for (let bit = 0; bit < first.length * 8; bit++) {
    const at = bit >> 3
    const damaged = Buffer.from(first)
    damaged[at] = (damaged[at] as number) ^ (1 << (bit & 7))
    const opener = server.createOpener(Infinity, () => assert.fail("Nothing is right here."))
    if (at === 0 && (bit === 1 || bit === 2)) continue
    // A length that is wrong leaves the frame with bytes of the next, or without some of its own.
    const bytes = Buffer.concat([damaged, Buffer.alloc(300)])
    const code = codeOf(() => opener.open(bytes))
    if (at === 0) assert.equal(code, "ERR_ZMTP_UNSPECIFIED", `bit ${bit}`)
    else if (at === 1) assert.match(code, /MALFORMED_COMMAND|CRYPTOGRAPHIC|UNEXPECTED/, `bit ${bit}`)
    else if (at === 2) assert.match(code, /COMMAND_UNSPECIFIED|UNEXPECTED/, `bit ${bit}`)
    else if (at < 10) assert.equal(code, "ERR_ZMTP_UNEXPECTED_COMMAND", `bit ${bit}`)
    else if (at < 18) assert.match(code, /CRYPTOGRAPHIC|INVALID_SEQUENCE/, `bit ${bit}`)
    else assert.equal(code, "ERR_ZMTP_CRYPTOGRAPHIC", `bit ${bit}`)
    resetGuard(server)
  }
})

/** As though nothing had come. */
function resetGuard(protection: Protection): void {
  Object.assign((protection as unknown as { received: object }).received, { high: 0, low: 2 })
}

test("a MESSAGE that is cut is malformed, or cannot be opened", () => {
  const { server, sealed } = three()
  const body = sealed[0].subarray(2)
  for (let length = 0; length < body.length; length++) {
    for (const flags of [0, 4, LONG]) {
      resetGuard(server)
      const [, code] = refusal(server, [frame(flags, body.subarray(0, length))])
      const expected =
        length < 8
          ? "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"
          : length < OVERHEAD
            ? "ERR_ZMTP_MALFORMED_COMMAND_MESSAGE"
            : "ERR_ZMTP_CRYPTOGRAPHIC"
      assert.equal(code, expected, `${length} bytes`)
    }
  }
})

test("what is no MESSAGE is unexpected, as message or command", () => {
  for (const [bytes, code] of [
    [command("PING", "\0\0"), "ERR_ZMTP_UNEXPECTED_COMMAND"],
    [command("ERROR", "\x03400"), "ERR_ZMTP_UNEXPECTED_COMMAND"],
    [frame(0, "\x01a command's name of one byte"), "ERR_ZMTP_UNEXPECTED_COMMAND"],
    [frame(0, "hi"), "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    [frame(0, "a".repeat(90)), "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
    [frame(0, ""), "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
  ] as const) {
    assert.deepEqual(refusal(linked().server, [bytes]), [Buffer.alloc(0), code])
  }
})

test("flags that a MESSAGE must not have are refused before its body came", () => {
  for (const flags of [1, 8, 16, 32, 64, 128]) {
    const { server, sealed } = three()
    const [frames, code] = refusal(server, [sealed[0], Buffer.from([flags, 100])])
    assert.equal(code, "ERR_ZMTP_UNSPECIFIED")
    assert.deepEqual(frames, frame(0, "a"))
  }
})

test("a frame may have as many bytes as allowed, and is refused by its length when it has more", () => {
  for (const size of [10, 250, 100_000, 700_000]) {
    const { client, server } = linked()
    const right = frame(0, Buffer.alloc(size))
    const [frames, code] = refusal(
      server,
      [sealAll(client.sealer, [right, frame(0, Buffer.alloc(size + 1))])],
      size,
    )
    assert.equal(code, "EMSGSIZE")
    assert.deepEqual(frames, right)
  }
  const { server } = linked()
  assert.equal(refusal(server, [longHeader(0, 2n ** 64n - 1n)], 1000)[1], "EMSGSIZE")
})

test("memory follows the bytes that came, not the length that was announced", () => {
  const { client, server } = linked()
  const opener = server.createOpener(Infinity, () => assert.fail("Nothing is whole."))
  opener.open(longHeader(0, 2n ** 40n))
  opener.open(client.sealer.sealFrame(0, Buffer.alloc(100)).subarray(0, 100))
  assert.ok(heldBy(opener) <= 512, `${heldBy(opener)} bytes`)
  for (let count = 0; count < 100; count++) opener.open(Buffer.alloc(1000))
  assert.ok(heldBy(opener) <= 300_000, `${heldBy(opener)} bytes`)
})

test("a frame that is announced as huge and is no MESSAGE is refused by its first bytes", () => {
  const { server } = linked()
  const [, code] = refusal(server, [longHeader(0, 2n ** 40n), Buffer.alloc(100)])
  assert.equal(code, "ERR_ZMTP_UNEXPECTED_COMMAND")
})

test("large memory is given back once its frame is whole", () => {
  const { client, server } = linked()
  const opener = server.createOpener(Infinity, () => {})
  const sealed = sealAll(client.sealer, [frame(0, Buffer.alloc(100_000))])
  for (let at = 0; at < sealed.length; at += 1000) opener.open(sealed.subarray(at, at + 1000))
  assert.equal(heldBy(opener), 0)
})

function heldBy(opener: FrameOpener): number {
  return (opener as unknown as { partial: { bytes: Uint8Array } }).partial.bytes.length
}

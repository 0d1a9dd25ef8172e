// What messages look like: whatever is written is read back as the same bytes, however it comes in pieces.
import assert from "node:assert/strict"
import { describe, test } from "node:test"
import fc from "fast-check"
import type { Format } from "#src/cli/formats/format.js"
import { formatNames, toFormat } from "#src/cli/formats/formats.js"
import { ANY, cli, runCli } from "./command-line.js"

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const messages = fc.array(fc.array(bytes, { minLength: 1, maxLength: 4 }), { maxLength: 5 })
/** What text can carry: lines without a newline, frames without a tab. */
const texts = fc.array(
  fc.array(
    bytes
      .map((frame) => frame.filter((byte) => byte !== 10 && byte !== 9))
      .map((array) => Buffer.from(array)),
    { minLength: 1, maxLength: 4 },
  ),
)

function readInPieces(format: Format, all: Buffer, cuts: number[]): Buffer[][] {
  const splitter = format.createSplitter()
  const found: Buffer[][] = []
  const ends = [...cuts.map((cut) => cut % (all.length + 1)), all.length].sort((a, b) => a - b)
  let start = 0
  for (const end of ends) {
    found.push(...splitter.push(all.subarray(start, end)))
    start = end
  }
  return [...found, ...splitter.end()]
}

function readsBack(format: Format, kinds: fc.Arbitrary<Buffer[][]>): void {
  fc.assert(
    fc.property(kinds, fc.array(fc.nat(), { maxLength: 6 }), (sent, cuts) => {
      const all = Buffer.concat(sent.map((message) => format.encode(message)))
      assert.deepEqual(readInPieces(format, all, cuts), sent)
    }),
  )
}

describe("every format reads what it wrote, in any pieces", () => {
  for (const name of formatNames) {
    const frameSeparator = Buffer.from("\t")
    test(name, () => readsBack(toFormat(name, { frameSeparator }), name === "text" ? texts : messages))
  }
})

test("text with zero bytes at its ends carries newlines", () => {
  const format = toFormat("text", { null: true })
  const all = Buffer.concat([format.encode([Buffer.from("a\nb")]), format.encode([Buffer.from("\t")])])
  assert.equal(all.toString(), "a\nb\0\t\0")
  assert.deepEqual(readInPieces(format, all, [2]), [[Buffer.from("a\nb")], [Buffer.from("\t")]])
})

test("text is taken apart only where a separator is given, which may have several bytes", () => {
  const line = Buffer.from("a\tb--c\n")
  assert.deepEqual(readInPieces(toFormat("text", {}), line, []), [[Buffer.from("a\tb--c")]])
  const apart = toFormat("text", { frameSeparator: Buffer.from("--") })
  assert.deepEqual(readInPieces(apart, line, []), [[Buffer.from("a\tb"), Buffer.from("c")]])
})

test("JSON reads values, hex and blank lines too", () => {
  const lines = Buffer.from('"one"\n{"hex":"00ff"}\n\n{"a":1}\n[1,null,"x"]\n')
  assert.deepEqual(
    readInPieces(toFormat("json", {}), lines, []).map((message) =>
      message.map((frame) => frame.toString("latin1")),
    ),
    [["one"], ["\0\xff"], ['{"a":1}'], ["1", "null", "x"]],
  )
})

test("raw reads short frames with long lengths, as whoever has no short ones writes them", () => {
  const long = Buffer.from("03000000000000000161" + "02000000000000000162", "hex")
  assert.deepEqual(readInPieces(toFormat("raw", {}), long, [1, 9]), [[Buffer.from("a"), Buffer.from("b")]])
})

describe("bad input ends with code 1 and tells where it is", () => {
  for (const [format, input, complaint] of [
    ["hex", "00\nzz\n", /Line 2 of the input is not hex\./],
    ["hex", "0", /Line 1 of the input is not hex\./],
    ["base64", "AAAA\nA\n", /Line 2 of the input is not base64\./],
    ["json", '"a"\n{\n', /Line 2 of the input is not JSON/],
    ["json", "[]\n", /Line 1 of the input is a message without frames\./],
    ["raw", "\x80\x00", /The input is not made of frames: one has the flags 128\./],
    ["raw", "\x04\x00", /one has the flags 4\./],
    ["raw", "\x00\x05abc", /The input ends within a message\./],
    ["raw", "\x01\x01a", /The input ends within a message\./],
    ["raw", "\x02\xff\xff\xff\xff\xff\xff\xff\xff", /There is a frame of 18446744073709551615 bytes\./],
  ] as const) {
    test(`${format}: ${JSON.stringify(input)}`, async () => {
      const push = cli(`push -b ${ANY} --format ${format}`).end(Buffer.from(input, "latin1"))
      const { code, complaints } = await push.ended()
      assert.match(complaints, complaint)
      assert.equal(code, 1)
    })
  }
})

describe("what is pushed in a format is pulled in it, byte by byte", () => {
  const hostile = [
    [Buffer.alloc(0)],
    [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    [Buffer.from("a\nb\r\n"), Buffer.alloc(0), Buffer.from([0xff, 0xfe])],
    [Buffer.alloc(70_000, 7)],
  ]
  for (const name of ["hex", "base64", "json", "raw"] as const) {
    test(name, async () => {
      const input = Buffer.concat(hostile.map((message) => toFormat(name, {}).encode(message)))
      await using pull = cli(`pull -b ${ANY} -v --${name} -n ${hostile.length}`)
      await using push = cli(`push ${await pull.endpoint()} --${name}`)
      push.end(input)
      await pull.success()
      assert.deepEqual(pull.output, input)
      await push.success()
    })
  }

  test("text, whatever its bytes", async () => {
    const input = Buffer.from(Array.from({ length: 512 }, (_, byte) => byte % 256))
    await using pull = cli(`pull -b ${ANY} -v -n 3`)
    await using push = cli(`push ${await pull.endpoint()}`)
    push.end(input)
    await pull.success()
    assert.deepEqual(pull.output, Buffer.concat([input, Buffer.from("\n")]))
  })
})

test("the two ways may have formats of their own", async () => {
  await using rep = cli(`rep -b ${ANY} -v --echo -n 1`)
  await using req = cli(`req ${await rep.endpoint()} --input-format json --output-format hex -m`, '["a",""]')
  assert.equal(await req.success(), "61 -\n")
})

test("two formats at a time are a wrong command line", async () => {
  for (const flags of ["--json --hex", "--raw --format hex"]) {
    const { code, complaints } = await runCli(`sub ${ANY} ${flags}`)
    assert.equal(code, 2)
    assert.match(complaints, /cannot be used with option/)
  }
})

// The first 64 bytes (RFC 37, "Version Negotiation" and "Backwards Interoperability"; RFC 23 for ZMTP 3.0).
import assert from "node:assert/strict"
import { take, takesNothing } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { codeOf, here, meet, onBoth, roles } from "./wire-stage.js"
import { type GreetingFields, greeting, message, ping, ready } from "./zmtp-bytes.js"

const hex = (bytes: Buffer): string => bytes.toString("hex")
const oneByOne = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.from([byte]))

onBoth((scenario) => {
  for (const role of roles) {
    scenario(`a PULL that ${role} greets as RFC 37 says, padding aside`, async (stage) => {
      const { mock } = await meet(stage, role, "Pull")
      await mock.send(greeting())
      const bytes = await mock.take(64)
      assert.equal(bytes[0], 0xff)
      assert.equal(
        hex(bytes.subarray(9)),
        `7f${"0301"}${"4e554c4c".padEnd(40, "0")}${"00"}${"00".repeat(31)}`,
        "7F, version 3.1, NULL in 20 bytes, as-server, filler",
      )
    })

    for (const first of [10, 11, 12, 63, 64]) {
      scenario(`a PULL that ${role} talks to a peer that begins with ${first} bytes`, async (stage) => {
        const { socket, mock } = await meet(stage, role, "Pull")
        await mock.send(greeting().subarray(0, first))
        const got = await mock.take(first >= 11 ? 64 : 11)
        await mock.send(greeting().subarray(first), ready("PUSH"))
        if (got.length < 64) await mock.take(64 - got.length)
        assert.equal((await mock.takeCommand())[0], "READY")
        await mock.send(message("whole"))
        assert.deepEqual(await take(socket), ["whole"])
      })
    }

    scenario(`a PULL that ${role} talks to a peer that sends byte by byte`, async (stage) => {
      const { socket, mock } = await meet(stage, role, "Pull")
      await mock.sendApart(oneByOne(Buffer.concat([greeting(), ready("PUSH")])))
      await mock.take(64)
      assert.equal((await mock.takeCommand())[0], "READY")
      await mock.sendApart(oneByOne(message("one", "by", "one")))
      assert.deepEqual(await take(socket), ["one", "by", "one"])
    })

    const versions: [major: number, minor: number][] = [
      [3, 0],
      [3, 1],
      [3, 2],
      [3, 255],
      [4, 0],
      [255, 0],
    ]
    for (const [major, minor] of versions) {
      scenario(
        `a DEALER that ${role} talks its own 3.1 to a peer of version ${major}.${minor}`,
        async (stage) => {
          const { socket, mock } = await meet(stage, role, "Dealer")
          await mock.shakeHands("DEALER", { major, minor })
          await mock.send(message("to", "you"))
          assert.deepEqual(await take(socket), ["to", "you"])
          await socket.send(["back", "again"])
          assert.deepEqual(await mock.takeMessage(), ["back", "again"])
        },
      )
    }

    const harmless: [what: string, fields: GreetingFields][] = [
      ["a padding of ones", { signature: Buffer.from("ffffffffffffffffff7f", "hex") }],
      ["an as-server bit, which NULL has no use for", { asServer: 1 }],
      ["a filler that is not zero", { filler: 0xaa }],
    ]
    for (const [what, fields] of harmless) {
      scenario(`a PULL that ${role} does not mind ${what}`, async (stage) => {
        const { socket, mock } = await meet(stage, role, "Pull")
        await mock.shakeHands("PUSH", fields)
        await mock.send(message("hello"))
        assert.deepEqual(await take(socket), ["hello"])
      })
    }

    for (const mechanism of ["PLAIN", "CURVE", "null", "", "NULLX", "NULL\0X", "X".repeat(20)]) {
      scenario(
        `a PULL that ${role} refuses the mechanism ${JSON.stringify(mechanism)}, once`,
        async (stage) => {
          const { socket, mock, events } = await meet(stage, role, "Pull")
          await mock.send(greeting({ mechanism }))
          const event = await events.next("handshake:error:protocol")
          assert.equal(codeOf(event), "ERR_ZMTP_MECHANISM_MISMATCH")
          await events.next("disconnect")
          await mock.ended()
          socket.close()
          assert.ok(!(await events.whole()).includes("connect:retry"))
        },
      )
    }
  }
})

for (const role of roles) {
  here(`a PULL that ${role} greets by steps whom it has not heard`, async (stage) => {
    const { socket, mock } = await meet(stage, role, "Pull")
    // A peer of ZMTP 1.0 reads this as the head of a frame of one byte, its flags.
    assert.equal(hex(await mock.take(10)), `${"ff"}${"0000000000000001"}${"7f"}`)
    await mock.send(greeting().subarray(0, 9))
    await nothingComes(mock, "before the signature is whole")
    await mock.send(greeting().subarray(9, 10))
    assert.equal(hex(await mock.take(1)), "03", "the version, to who is not of ZMTP 1.0")
    await nothingComes(mock, "before the peer has told its version")
    await mock.send(greeting().subarray(10, 11))
    assert.equal(hex(await mock.take(53)), `${"01"}${"4e554c4c".padEnd(40, "0")}${"00"}${"00".repeat(31)}`)
    await nothingComes(mock, "READY waits for the peer's greeting")
    await mock.send(greeting().subarray(11))
    assert.equal((await mock.takeCommand())[0], "READY")
    await mock.send(ready("PUSH"), message("hello"))
    assert.deepEqual(await take(socket), ["hello"])
  })

  here(`a PULL that ${role} takes handshake and messages in one segment`, async (stage) => {
    const { socket, mock } = await meet(stage, role, "Pull")
    await mock.send(greeting(), ready("PUSH"), message("a"), ping(0), message("b", "c"), message("d"))
    assert.deepEqual([await take(socket), await take(socket), await take(socket)], [["a"], ["b", "c"], ["d"]])
  })

  here(`a PULL that ${role} takes handshake and messages split at every byte`, async (stage) => {
    const body = "x".repeat(300)
    const bytes = Buffer.concat([greeting(), ready("PUSH"), message("a", ""), ping(7, "c"), message(body)])
    const headers = bytes.length - body.length
    for (let at = 1; at <= headers + 1; at++) {
      const { socket, mock } = await meet(stage, role, "Pull")
      await mock.sendApart([bytes.subarray(0, at), bytes.subarray(at)])
      assert.deepEqual(await take(socket, `a message split at ${at}`), ["a", ""])
      assert.deepEqual(await take(socket, `a message split at ${at}`), [body])
      await takesNothing(socket, "the PULL")
      socket.close()
      mock.close()
    }
  })
}

/** Resolves when the event loop has had its chances. */
async function nothingComes(mock: MockPeer, when: string): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(hex(mock.received), "", when)
}

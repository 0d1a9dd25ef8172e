// Whatever a peer says: a mechanism refuses it in one of the known ways, and is never complete by chance.
import assert from "node:assert/strict"
import { test } from "node:test"
import fc from "fast-check"
import { LimitError, ProtocolError } from "#src/errors.js"
import { type Mechanism, PeerRefusal } from "#src/security/mechanism.js"
import { PlainClient } from "#src/security/plain-client.js"
import { PlainServer } from "#src/security/plain-server.js"
import { curveClient, curveServer, linked } from "./curve-stage.js"
import { always, clientProperties, serverProperties } from "./stage.js"

const credentials = { username: Buffer.from("admin"), password: Buffer.from("secret") }
const sides: Record<string, () => Mechanism> = {
  "a client of PLAIN": () => new PlainClient(clientProperties, credentials),
  "a server of PLAIN": () => new PlainServer(serverProperties, always(400)),
  "a client of CURVE": () => curveClient(),
  "a server of CURVE": () => curveServer(),
}

const anyName = fc.constantFrom("HELLO", "WELCOME", "INITIATE", "READY", "ERROR", "MESSAGE", "PING", "")
const anyCommand = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(anyName, fc.constantFrom(0, 1, 24, 32, 160, 194, 248, 400), fc.uint8Array({ maxLength: 8 }))
    .map(([name, size, bytes]) => {
      const data = Buffer.alloc(size)
      data.set(bytes.subarray(0, size))
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), data])
    }),
)

for (const [side, make] of Object.entries(sides)) {
  test(`${side} refuses what it is not due, or goes on`, () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { minLength: 1, maxLength: 6 }), (commands) => {
        const mechanism = make()
        try {
          for (const body of commands) {
            while (mechanism.next() !== undefined);
            mechanism.handle(body)
          }
          // PLAIN's client believes whoever speaks PLAIN.
          assert.ok(side === "a client of PLAIN" || !mechanism.complete)
        } catch (error) {
          assert.ok(error instanceof ProtocolError || error instanceof PeerRefusal, String(error))
        }
        mechanism.close?.()
      }),
      { numRuns: 300 },
    )
  })
}

test("what a peer sends behind a CURVE handshake is a MESSAGE or refused", () => {
  const { client, server } = linked()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(200), fc.nat(255), (bytes, at, byte) => {
      const opener = server.createOpener(100_000, () => assert.fail("Nothing is right here."))
      const damaged = Buffer.concat(client.sealer.seal([Buffer.from([0, 3, 1, 2, 3])]))
      const index = at % damaged.length
      if (damaged[index] === byte) return
      damaged[index] = byte
      try {
        opener.open(at % 3 === 0 ? bytes : damaged)
      } catch (error) {
        assert.ok(error instanceof ProtocolError || error instanceof LimitError, String(error))
      }
    }),
    { numRuns: 500 },
  )
})

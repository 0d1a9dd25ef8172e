// What a socket and its authenticator say to each other over ZAP, and what a SOCKS proxy answers.
import assert from "node:assert/strict"
import { ProtocolError } from "#src/errors.js"
import type { Message } from "#src/message.js"
import type { Credentials } from "#src/security/authentication.js"
import { decodeZapReply, encodeZapRequest } from "#src/security/zap.js"
import { encodeZapReply, readZapRequest } from "#src/security/zap-handler.js"
import { SocksHandshake } from "#src/transports/socks.js"
import type { Chance } from "./chance.js"
import { injure, noise } from "./streams.js"

/** The message with up to three frames changed, left out, doubled or put in; often as it is. */
function retold(chance: Chance, message: Message): Buffer[] {
  const frames: Buffer[] = message.map((frame) => Buffer.from(frame))
  for (let count = chance.below(4); count > 0; count--) {
    const at = chance.below(frames.length + 1)
    const frame = frames[at] ?? Buffer.alloc(0)
    switch (chance.below(5)) {
      case 0:
        frames.splice(at, 1)
        break
      case 1:
        frames.splice(at, 0, frame)
        break
      case 2:
        frames.splice(at, 0, noise(chance, chance.of([0, 0, 1, 3, 32, 255])))
        break
      case 3:
        frames[at] = Buffer.from(
          chance.of(["1.0", "200", "300", "400", "500", "1", "NULL", "PLAIN", "CURVE", ""]),
        )
        break
      default:
        frames[at] = injure(chance, frame)
    }
  }
  return frames
}

function nextCredentials(chance: Chance): Credentials {
  switch (chance.below(3)) {
    case 0:
      return { mechanism: "NULL", frames: [] }
    case 1:
      return {
        mechanism: "PLAIN",
        frames: [noise(chance, chance.below(20)), noise(chance, chance.below(20))],
      }
    default:
      return { mechanism: "CURVE", frames: [noise(chance, 32)] }
  }
}

/** Throws unless requests are read as they were meant, replies too, and others refused in the ways of ZAP. */
export function attackZap(chance: Chance): string[] {
  const classes: string[] = []
  const credentials = nextCredentials(chance)
  const context = {
    domain: chance.of(["", "global", "ü".repeat(40)]),
    address: chance.of(["", "127.0.0.1", "::1"]),
    routingId: noise(chance, chance.below(10)),
  }
  const meant = [Buffer.from("router"), ...encodeZapRequest(context, credentials)]
  const asked = retold(chance, meant)
  const request = readZapRequest(asked)
  const isAsMeant =
    asked.length === meant.length && asked.every((frame, at) => frame.equals(meant[at] as Buffer))
  if (isAsMeant) {
    assert.equal(request?.fault, undefined)
    assert.equal(request?.domain, context.domain)
    assert.equal(request?.mechanism, credentials.mechanism)
    assert.deepEqual(request?.credentials.map(String), credentials.frames.map(String))
  }
  classes.push(
    request === undefined ? "question lost" : request.fault === undefined ? "question" : "faulty question",
  )
  const properties: [string, Buffer][] = []
  for (let count = chance.below(3); count > 0; count--) {
    properties.push([`X-${count}`, noise(chance, chance.below(30))])
  }
  const status = chance.of([200, 300, 400, 500] as const)
  const user = chance.of(["", "ada", "ü"])
  const origin = readZapRequest(meant) ?? assert.fail("an honest question is read")
  const answer = encodeZapReply(origin, {
    status,
    text: "because",
    userId: user,
    properties: new Map(properties),
  })
  const said = retold(chance, answer.slice(1))
  const isSaid =
    said.length === answer.length - 1 && said.every((frame, at) => frame.equals(answer[at + 1] as Buffer))
  try {
    const verdict = decodeZapReply(said)
    classes.push("answer")
    assert.ok([200, 300, 400, 500].includes(verdict.status))
    if (!isSaid) return classes
    assert.equal(verdict.status, status)
    assert.equal(verdict.userId.toString(), status === 200 ? user : "")
    assert.equal([...verdict.properties].length, status === 200 ? properties.length : 0)
  } catch (error) {
    if (!(error instanceof ProtocolError) || isSaid) throw error
    assert.match(error.code, /^ERR_ZAP_/)
    classes.push("answer refused")
  }
  return classes
}

/** Throws unless a proxy's answers end in a connection or in words about the proxy. */
export function attackSocks(chance: Chance): string[] {
  const host = chance.of([
    "127.0.0.1",
    "::1",
    "fe80::1%eth0",
    "example.org",
    "ü".repeat(120),
    "a".repeat(256),
  ])
  const username = chance.of([null, "ada", "", "u".repeat(300)])
  const handshake = new SocksHandshake(
    { host, port: 1 + chance.below(65_535) },
    { username, password: chance.of([null, "secret", "p".repeat(256)]) },
  )
  const type = chance.of([1, 1, 3, 4, 0, 2])
  const address = noise(chance, chance.below(300))
  let answers: Buffer = Buffer.concat([
    Buffer.of(5, chance.of([0, 0, 2, 255])),
    ...(username === null ? [] : [Buffer.of(1, chance.of([0, 0, 0, 1]))]),
    Buffer.of(5, chance.of([0, 0, 0, 1, 8, 9, 255]), 0, type),
    address,
  ])
  if (chance.below(3) === 0) answers = injure(chance, answers)
  const long = [host, username].some((text) => text !== null && Buffer.byteLength(text) > 240)
  let at = 0
  for (let turn = 0; ; turn++) {
    assert.ok(turn <= 4, "it goes on and on")
    const said = handshake.next()
    assert.ok(said === undefined || (said.length > 2 && said.length <= 520))
    assert.equal(handshake.complete, handshake.needed === 0)
    if (handshake.complete) return [long ? "connected by long names" : "connected"]
    assert.ok(handshake.needed > 0 && handshake.needed <= 258, `${handshake.needed} wanted`)
    if (answers.length - at < handshake.needed) return ["unfinished"]
    const bytes = answers.subarray(at, at + handshake.needed)
    at += handshake.needed
    try {
      handshake.take(bytes)
    } catch (error) {
      assert.ok(error instanceof Error)
      assert.equal(error.constructor, Error, String(error))
      return ["refused"]
    }
  }
}

import assert from "node:assert/strict"
import { test } from "node:test"
import { ZmqError } from "#src/errors.js"
import type { Credentials, Verdict, Verify } from "#src/security/authentication.js"
import { PeerRejection } from "#src/security/authentication.js"
import { PeerRefusal } from "#src/security/mechanism.js"
import { PlainClient } from "#src/security/plain-client.js"
import { PlainServer } from "#src/security/plain-server.js"
import {
  always,
  clientProperties,
  codeOf,
  flipped,
  nextOf,
  serverProperties,
  shake,
  verdict,
} from "./stage.js"

const username = Buffer.from("admin")
const password = Buffer.from("secret")

function client(): PlainClient {
  return new PlainClient(clientProperties, { username, password })
}

function server(verify: Verify = always(200, "someone")): PlainServer {
  return new PlainServer(serverProperties, verify)
}

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1")

test("HELLO, WELCOME, INITIATE, READY, and each side has the other's metadata", () => {
  const one = client()
  const other = server()
  assert.equal(one.name, "PLAIN")
  assert.equal(other.name, "PLAIN")
  const said = shake(one, other)
  assert.deepEqual(
    said.slice(0, 2).map((body) => body.toString("latin1")),
    ["\x05HELLO\x05admin\x06secret", "\x07WELCOME"],
  )
  assert.equal(said[2]?.subarray(0, 9).toString("latin1"), "\x08INITIATE")
  assert.equal(said[3]?.subarray(0, 6).toString("latin1"), "\x05READY")
  assert.equal(said.length, 4)
  assert.ok(one.complete && other.complete)
  assert.deepEqual(one.peerProperties, serverProperties)
  assert.deepEqual(other.peerProperties, clientProperties)
  assert.equal(other.verdict?.userId.toString(), "someone")
})

test("the authenticator gets name and password, whatever bytes they are", () => {
  for (const size of [0, 1, 255]) {
    const asked: Credentials[] = []
    const other = server((credentials, answer) => {
      asked.push(credentials)
      return always(200)(credentials, answer)
    })
    const frames = [Buffer.alloc(size, 0xfe), Buffer.alloc(size, 0)] as const
    const one = new PlainClient(clientProperties, { username: frames[0], password: frames[1] })
    shake(one, other)
    assert.ok(other.complete)
    assert.deepEqual(asked, [{ mechanism: "PLAIN", frames: [...frames] }])
  }
})

test("a name or password of more than 255 bytes is refused by the client", () => {
  const long = Buffer.alloc(256)
  const einval = (error: unknown): boolean => error instanceof ZmqError && error.code === "EINVAL"
  assert.throws(() => new PlainClient(clientProperties, { username: long, password }), einval)
  assert.throws(() => new PlainClient(clientProperties, { username, password: long }), einval)
})

test("the server waits for an authenticator who takes his time, and says when there is something new", () => {
  let answer: ((verdict: Verdict | Error) => void) | undefined
  const other = server((_, reply) => {
    answer = reply
    return () => {}
  })
  let progress = 0
  other.onProgress = () => progress++
  other.handle(nextOf(client()))
  assert.equal(other.next(), undefined)
  assert.equal(progress, 0)
  // Nothing is due from the peer while it waits.
  assert.equal(
    codeOf(() => other.handle(latin1("\x08INITIATE"))),
    "ERR_ZMTP_UNSPECIFIED",
  )
  answer?.(verdict(200))
  assert.equal(progress, 1)
  assert.equal(nextOf(other).toString("latin1"), "\x07WELCOME")
  // A second word changes nothing.
  answer?.(verdict(400))
  assert.equal(progress, 1)
  assert.equal(other.failure, undefined)
})

test("an answer at once is no progress of its own", () => {
  const other = server()
  other.onProgress = () => assert.fail("It was not waiting.")
  other.handle(nextOf(client()))
  assert.equal(nextOf(other).toString("latin1"), "\x07WELCOME")
})

for (const status of [400, 500] as const) {
  test(`${status} is told by ERROR, and both sides know why they part`, () => {
    const one = client()
    const other = server(always(status))
    other.handle(nextOf(one))
    assert.ok(other.failure instanceof PeerRejection)
    assert.equal(other.failure.status, status)
    const error = nextOf(other)
    assert.equal(error.toString("latin1"), `\x05ERROR\x03${status}`)
    assert.equal(other.next(), undefined)
    assert.throws(
      () => one.handle(error),
      (thrown) => thrown instanceof PeerRefusal && thrown.reason === String(status),
    )
    assert.ok(!one.complete && !other.complete)
  })
}

test("300 parts without a word", () => {
  const other = server(always(300))
  other.handle(nextOf(client()))
  assert.ok(other.failure instanceof PeerRejection)
  assert.equal(other.failure.status, 300)
  assert.equal(other.next(), undefined)
})

test("an authenticator that fails ends the connection with its reason and without a word", () => {
  const reason = new ZmqError("EFAULT")
  const other = server((_, answer) => {
    answer(reason)
    return () => {}
  })
  other.handle(nextOf(client()))
  assert.equal(other.failure, reason)
  assert.equal(other.next(), undefined)
})

test("when the connection ends the authenticator hears of it, and his answer is of no consequence", () => {
  let answer: ((verdict: Verdict | Error) => void) | undefined
  let cancelled = 0
  const other = server((_, reply) => {
    answer = reply
    return () => cancelled++
  })
  other.onProgress = () => assert.fail("It has ended.")
  other.handle(nextOf(client()))
  other.close()
  other.close()
  assert.equal(cancelled, 1)
  answer?.(verdict(200))
  assert.equal(other.next(), undefined)
})

const hello = latin1("\x05HELLO\x05admin\x06secret")

const wrongHellos: [what: string, body: string, code: string][] = [
  ["nothing", "", "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
  ["one byte", "\x00", "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
  ["a name that does not fit", "\x09INITIATE", "ERR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED"],
  ["another command", "\x08INITIATE", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["READY of NULL", "\x05READY", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["ERROR", "\x05ERROR\x00", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["no name", "\x05HELLO", "ERR_ZMTP_MALFORMED_COMMAND_HELLO"],
  ["a name that is cut", "\x05HELLO\x05admi", "ERR_ZMTP_MALFORMED_COMMAND_HELLO"],
  ["no password", "\x05HELLO\x05admin", "ERR_ZMTP_MALFORMED_COMMAND_HELLO"],
  ["a password that is cut", "\x05HELLO\x05admin\x06secre", "ERR_ZMTP_MALFORMED_COMMAND_HELLO"],
  ["a byte too many", "\x05HELLO\x05admin\x06secret.", "ERR_ZMTP_MALFORMED_COMMAND_HELLO"],
]
for (const [what, body, code] of wrongHellos) {
  test(`in place of HELLO, ${what} is ${code}, and nobody is asked`, () => {
    const other = server(() => assert.fail("Nobody is to be asked."))
    assert.equal(
      codeOf(() => other.handle(latin1(body))),
      code,
    )
  })
}

test("a HELLO that is cut anywhere is refused", () => {
  for (let length = 0; length < hello.length; length++) {
    const other = server(() => assert.fail("Nobody is to be asked."))
    codeOf(() => other.handle(hello.subarray(0, length)))
  }
})

test("a HELLO with one bit changed is refused, or shows another name or password", () => {
  for (const [bit, body] of flipped(hello)) {
    const asked: Credentials[] = []
    const other = server((credentials, answer) => {
      asked.push(credentials)
      return always(400)(credentials, answer)
    })
    const inName = bit >= 7 * 8 && bit < 12 * 8
    const inPassword = bit >= 13 * 8
    if (inName || inPassword) {
      other.handle(body)
      assert.equal(asked[0]?.frames[0]?.equals(username), !inName)
      assert.equal(asked[0]?.frames[1]?.equals(password), !inPassword)
    } else {
      const code = codeOf(() => other.handle(body))
      const first = bit < 8 ? /UNEXPECTED_COMMAND|COMMAND_UNSPECIFIED/ : /UNEXPECTED_COMMAND/
      assert.match(code, bit < 6 * 8 ? first : /COMMAND_HELLO/)
    }
  }
})

/** A client that has said HELLO, and one that has said INITIATE. */
function greeted(): PlainClient {
  const one = client()
  nextOf(one)
  return one
}
function initiated(): PlainClient {
  const one = greeted()
  one.handle(latin1("\x07WELCOME"))
  nextOf(one)
  return one
}

const wrongAnswers: [what: string, one: () => PlainClient, body: string, code: string][] = [
  ["anything before HELLO", client, "\x07WELCOME", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["an ERROR before HELLO", client, "\x05ERROR\x03400", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["nothing for WELCOME", greeted, "", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["READY for WELCOME", greeted, "\x05READY", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["a WELCOME that is cut", greeted, "\x07WELCOM", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["a WELCOME with data", greeted, "\x07WELCOME.", "ERR_ZMTP_MALFORMED_COMMAND_WELCOME"],
  ["a second WELCOME", initiated, "\x07WELCOME", "ERR_ZMTP_UNEXPECTED_COMMAND"],
  ["a READY with half a property", initiated, "\x05READY\x01a\x00", "ERR_ZMTP_INVALID_METADATA"],
  ["an ERROR without a reason", greeted, "\x05ERROR", "ERR_ZMTP_MALFORMED_COMMAND_ERROR"],
  ["an ERROR whose reason is cut", initiated, "\x05ERROR\x0340", "ERR_ZMTP_MALFORMED_COMMAND_ERROR"],
]
for (const [what, one, body, code] of wrongAnswers) {
  test(`to a client, ${what} is ${code}`, () => {
    assert.equal(
      codeOf(() => one().handle(latin1(body))),
      code,
    )
  })
}

test("the ERROR of libzmq's servers is one, though its name is misspelled", () => {
  for (const one of [greeted(), initiated()]) {
    assert.throws(
      () => one.handle(latin1("^RROR\x03400")),
      (thrown) => thrown instanceof PeerRefusal && thrown.reason === "400",
    )
  }
  assert.equal(
    codeOf(() => greeted().handle(latin1("^RROR\x0340"))),
    "ERR_ZMTP_MALFORMED_COMMAND_ERROR",
  )
  assert.equal(
    codeOf(() => client().handle(latin1("^RROR\x03400"))),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
})

test("every bit of WELCOME counts", () => {
  for (const [, body] of flipped(latin1("\x07WELCOME"))) {
    assert.equal(
      codeOf(() => greeted().handle(body)),
      "ERR_ZMTP_UNEXPECTED_COMMAND",
    )
  }
})

test("the client takes no command once the handshake is over", () => {
  const one = initiated()
  one.handle(latin1("\x05READY"))
  assert.ok(one.complete)
  assert.deepEqual(one.peerProperties, new Map())
  assert.equal(
    codeOf(() => one.handle(latin1("\x05READY"))),
    "ERR_ZMTP_UNEXPECTED_COMMAND",
  )
})

test("an INITIATE that is none, or whose metadata is cut, is refused", () => {
  for (const [body, code] of [
    ["\x05HELLO\x00\x00", "ERR_ZMTP_UNEXPECTED_COMMAND"],
    ["\x08INITIAT", "ERR_ZMTP_UNEXPECTED_COMMAND"],
    ["\x08INITIATE\x01", "ERR_ZMTP_INVALID_METADATA"],
    ["\x08INITIATE\x01a\x00\x00\x00\x02b", "ERR_ZMTP_INVALID_METADATA"],
  ] as const) {
    const other = server()
    other.handle(hello)
    nextOf(other)
    assert.equal(
      codeOf(() => other.handle(latin1(body))),
      code,
    )
  }
})

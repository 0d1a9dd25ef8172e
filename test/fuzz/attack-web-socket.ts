// What begins as an honest conversation over ws and goes wrong somewhere, by bytes that are changed, lost or repeated.
import assert from "node:assert/strict"
import { once } from "node:events"
import { connect } from "node:net"
import * as zmq from "puremq"
import { eventually, within } from "../suites/deadline.js"
import {
  CLOSE,
  commandBody,
  PING,
  readyBody,
  TEXT,
  upgradeRequest,
  webSocketFrame,
  ZWS_COMMAND,
  zwsPacket,
} from "../wire/zws-bytes.js"
import type { Chance } from "./chance.js"

const good = ["ZWS2.0/NULL", "ZWS2.0", "ZWS2.0/NULL,ZWS2.0", "chat, ZWS2.0"]
const offers = [...good, ...good, "chat", "", ",", "ZWS2.0/PLAIN"]
const bodies = ["", "x", "\x01topic", "\0topic", "y".repeat(200), "z".repeat(70_000)]
const commands = [
  readyBody("PUSH"),
  readyBody("PUB"),
  commandBody("PING", "\0\0"),
  commandBody("ERROR", "\x02no"),
]

/**
 * Leads `rounds` such conversations with a socket, beside an honest peer that must not notice; the events' types, and
 * "honest" for each time that the peer connected.
 */
export async function attackWebSocket(chance: Chance, rounds: number): Promise<string[]> {
  const pull = new zmq.Pull({ linger: 0, maxMessageSize: 50_000, handshakeInterval: 30_000 })
  const push = new zmq.Push({ linger: 0 })
  const events: string[] = []
  push.events.on("connect", () => events.push("honest"))
  const reading = (async () => {
    for await (const { type } of pull.events) events.push(type)
  })()
  try {
    await pull.bind("ws://127.0.0.1:*")
    push.connect(pull.lastEndpoint as string)
    for (let round = 0; round < rounds; round++) {
      await attack(chance, Number(new URL(pull.lastEndpoint as string).port))
      const honest = `honest ${round}`
      await push.send(honest)
      // What strangers said in good order may come before.
      while (String((await within(pull.receive(), "the honest peer's message"))[0]) !== honest);
    }
    // Who is closed does not tell of those who leave then.
    await eventually(
      async () => events.filter((type) => type === "disconnect").length >= rounds,
      "the end of every stranger's connection",
    )
  } finally {
    push.close()
    pull.close()
  }
  await within(reading, "the end of the events")
  return events
}

async function attack(chance: Chance, port: number): Promise<void> {
  const bytes = spoil(chance, conversation(chance))
  const socket = connect({ port, host: "127.0.0.1" })
  socket.on("error", () => {})
  socket.resume()
  // Not with once(), which an error ends: to write to who has hung up is one.
  const closed = new Promise((resolve) => socket.on("close", resolve))
  await once(socket, "connect")
  if (chance.below(2) === 0) socket.write(bytes)
  else {
    for (let at = 0; at < bytes.length && !socket.destroyed; ) {
      const size = 1 + chance.below(chance.of([10, 1000]))
      socket.write(bytes.subarray(at, at + size))
      at += size
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  if (chance.below(2) === 0) socket.end()
  else socket.destroy()
  await within(closed, "the stranger's connection to end")
  assert.ok(socket.destroyed)
}

function conversation(chance: Chance): Buffer {
  const masked = chance.below(20) > 0
  const parts: Buffer[] = []
  if (chance.below(20) > 0) {
    const headers = {
      "Sec-WebSocket-Protocol": chance.of(offers),
      ...(chance.below(9) === 0 && { Upgrade: "x" }),
    }
    parts.push(Buffer.from(upgradeRequest("/", headers)))
  }
  const packet = (flags: number, body: Uint8Array | string): Buffer =>
    webSocketFrame(zwsPacket(flags, body), { masked })
  if (chance.below(5) > 0) parts.push(packet(ZWS_COMMAND, readyBody("PUSH")))
  for (let count = chance.below(6); count > 0; count--) {
    const body = chance.of(bodies)
    const opcode = chance.of([0, TEXT, PING, CLOSE, 3, 15])
    parts.push(
      chance.of([
        packet(chance.below(2), body),
        packet(ZWS_COMMAND, chance.of(commands)),
        webSocketFrame(body, {
          opcode,
          final: chance.below(2) === 0,
          masked,
          reserved: chance.of([0, 0, 0x40]),
        }),
      ]),
    )
  }
  return Buffer.concat(parts)
}

/** In one place, and rather late, so that what comes before it counts. */
function spoil(chance: Chance, bytes: Buffer): Buffer {
  const spoiled = Buffer.from(bytes)
  if (spoiled.length === 0) return spoiled
  const at = Math.max(...[1, 2, 3].map(() => chance.below(spoiled.length)))
  switch (chance.below(4)) {
    case 0:
      spoiled[at] = chance.below(256)
      return spoiled
    case 1:
      return spoiled.subarray(0, at)
    case 2:
      return Buffer.concat([spoiled.subarray(0, at), spoiled.subarray(at + 1)])
    default:
      return Buffer.concat([spoiled.subarray(0, at), spoiled.subarray(Math.max(0, at - 20))])
  }
}

// One hostile peer over ws:// against a whole socket, from behind the WebSocket's own opening on.
import assert from "node:assert/strict"
import { ContextCore } from "#src/core/context.js"
import { SocketCore } from "#src/core/socket.js"
import { ProtocolError } from "#src/errors.js"
import { DishPattern } from "#src/patterns/dish.js"
import { XsubPattern } from "#src/patterns/xsub.js"
import { selectSubprotocol } from "#src/wire/zws.js"
import { command, error, properties } from "../wire/zmtp-bytes.js"
import { readyBody, ZWS_COMMAND, ZWS_MORE, zwsFlags, zwsPacket } from "../wire/zws-bytes.js"
import { patternFactories } from "./attack-handshake.js"
import type { Chance } from "./chance.js"
import { nextHandshake, nextTraffic, socketTypes, type TalkingType } from "./conversations.js"
import {
  type Encounter,
  end,
  interval,
  type Leaving,
  leave,
  receiveAll,
  sendSomething,
  takeEvents,
} from "./encounter.js"
import { framesOf } from "./frames.js"
import { PacketPlatform, SimulatedPacketConn } from "./packet-simulation.js"
import { injure, noise } from "./streams.js"

const address = "ws://127.0.0.1:1"
const BARE = "ZWS2.0"
const PLAIN = "ZWS2.0/PLAIN"
const OFFERS = [BARE, "ZWS2.0/NULL", "ZWS2.0.NULL", "ZWS2.0/NULL,ZWS2.0", PLAIN, "", ",", "chat", "zws2.0"]

interface Attack {
  readonly type: TalkingType
  readonly binds: boolean
  /** The subprotocol, or a client's list of them. */
  readonly offer: string
  readonly packets: readonly Buffer[]
  readonly leaving: Leaving
  readonly pings: boolean
  readonly settings: object
}

/** Throws unless the socket survives the peer, ends in order, and does so alike however fast the packets come. */
export async function attackWithPackets(chance: Chance): Promise<string[]> {
  const type = chance.of(socketTypes)
  const isPlain = chance.below(6) === 0
  const offer = chance.below(8) === 0 ? chance.of(OFFERS) : isPlain ? PLAIN : chance.of(OFFERS.slice(0, 4))
  const attack: Attack = {
    type,
    offer,
    binds: chance.below(2) === 0,
    packets: nextPackets(chance, type, offer),
    leaving: chance.of(["end", "reset", "silence", "close"]),
    pings: chance.below(2) === 0,
    settings: {
      ...(isPlain && { plainUsername: "admin", plainPassword: "secret" }),
      maxMessageSize: chance.below(500) === 0 ? -1 : 4000,
      receiveHighWaterMark: chance.of([0, 1, 3, 1000]),
      heartbeatInterval: chance.of([0, 0, 300]),
    },
  }
  const prompt = await encounter(attack, undefined)
  const slow = await encounter(attack, chance)
  assert.deepEqual(slow, prompt, `another pace makes another encounter: ${JSON.stringify(describe(attack))}`)
  const classes = prompt.events.filter((event) => event.startsWith("handshake"))
  return [
    ...classes.map((event) => event.split(" ", 1)[0] as string),
    ...(prompt.received.length > 0 ? ["heard"] : []),
  ]
}

function describe({ packets, ...rest }: Attack): object {
  return { ...rest, packets: packets.map((packet) => packet.toString("hex")) }
}

/** What an honest peer would say, with up to three changes. */
function nextPackets(chance: Chance, type: TalkingType, offer: string): Buffer[] {
  const opening =
    offer === BARE
      ? [zwsPacket(0, noise(chance, chance.of([0, 1, 5, 255, 256])))]
      : repacked(nextHandshake(chance, type))
  if (offer === PLAIN) opening.unshift(...repacked(nextPlain(chance)))
  const packets = opening
  for (let count = chance.below(7); count > 0; count--) packets.push(...repacked(nextTraffic(chance)))
  for (let count = Math.max(0, chance.below(6) - 2); count > 0; count--) change(chance, packets)
  return packets
}

function change(chance: Chance, packets: Buffer[]): void {
  const at = chance.below(packets.length + 1)
  const one = packets[at] ?? Buffer.alloc(0)
  switch (chance.below(7)) {
    case 0:
      packets.splice(at, 1)
      break
    case 1:
      packets.splice(at, 0, one)
      break
    case 2:
      packets.splice(
        at,
        0,
        zwsPacket(chance.below(4), noise(chance, chance.of([0, 1, 30, 3999, 4000, 4001]))),
      )
      break
    case 3:
      packets[at] = one.subarray(0, chance.below(one.length + 1))
      break
    case 4:
      packets[at] = zwsPacket(chance.of([0, ZWS_MORE, ZWS_COMMAND, 3, 255]), one.subarray(1))
      break
    case 5:
      // Parts without an end.
      for (let count = chance.of([1, 5, 300]); count > 0; count--)
        packets.splice(at, 0, zwsPacket(ZWS_MORE, noise(chance, 1)))
      break
    default:
      packets[at] = injure(chance, Buffer.from(one))
  }
}

function nextPlain(chance: Chance): Buffer {
  const name = chance.of(["admin", "", "x".repeat(255)])
  const hello = Buffer.concat([
    Buffer.of(name.length),
    Buffer.from(name),
    Buffer.of(6),
    Buffer.from("secret"),
  ])
  return Buffer.concat(
    chance.of([
      [command("WELCOME")],
      [command("HELLO", hello)],
      [command("HELLO", hello), command("INITIATE", properties(["Socket-Type", "DEALER"]))],
      [command("WELCOME"), error("400")],
      [],
    ]),
  )
}

/** Frames of ZMTP as packets. */
function repacked(frames: Buffer): Buffer[] {
  return framesOf(frames).map(({ flags, body }) => zwsPacket(zwsFlags(flags), body))
}

/** With `chance` packets come in bursts, also a few after reading was stopped, and writes take their time. */
async function encounter(attack: Attack, chance: Chance | undefined): Promise<Encounter> {
  const platform = new PacketPlatform()
  const core = new SocketCore(new ContextCore(platform), attack.type, patternFactories[attack.type])
  core.monitor.watched = true
  Object.assign(core.options, { linger: 0, handshakeInterval: interval, ...attack.settings })
  if (core.pattern instanceof XsubPattern) core.pattern.subscribe(Buffer.from("a"))
  if (core.pattern instanceof DishPattern) core.pattern.join(Buffer.from("a"))
  const conn = new SimulatedPacketConn(platform, attack.pings, chance)
  const chosen = meet(core, platform, conn, attack)
  const received: string[] = []
  const catchUp = (): void => {
    platform.run()
    receiveAll(core, received)
    platform.run()
  }
  if (chosen !== undefined) conn.handler.upgraded(chosen)
  catchUp()
  let late = 2
  for (const one of chosen === undefined ? [] : attack.packets) {
    if (conn.closing) break
    // Of what has been read before reading stops a few more are told.
    if (conn.paused && late-- === 0) catchUp()
    if (!conn.paused) late = 2
    conn.handler.packet(Buffer.from(one))
    if (chance === undefined || chance.below(3) > 0) catchUp()
  }
  catchUp()
  leave(core, platform, conn, attack.leaving)
  // When a silence began depends on when a PING was read, and so on the pace; that it ends does not.
  if (attack.leaving === "silence" && !conn.closing) leave(core, platform, conn, "end")
  platform.pass(interval)
  receiveAll(core, received)
  if (!core.closed) sendSomething(core)
  platform.run()
  checkWritten(conn, attack, chosen)
  const events = takeEvents(core)
  await end(core, platform)
  return { events, received }
}

/** The opening handshake; undefined where it came to nothing. */
function meet(
  core: SocketCore,
  platform: PacketPlatform,
  conn: SimulatedPacketConn,
  attack: Attack,
): string | undefined {
  if (attack.binds) core.endpoints.bindSync(address)
  else core.endpoints.connect(address)
  const terms = platform.meet?.(conn) ?? assert.fail("nobody is waited for")
  platform.run()
  const chosen = selectSubprotocol(attack.offer, [...terms.subprotocols, ...terms.webSubprotocols])
  if (chosen === undefined) conn.close(new ProtocolError("ERR_WS_UNSPECIFIED", "No subprotocol."))
  return chosen
}

/** We say who we are first, where there is no mechanism but NULL. */
function checkWritten({ written }: SimulatedPacketConn, { type }: Attack, chosen: string | undefined): void {
  const [first] = written
  if (chosen === undefined) assert.equal(first, undefined)
  else if (chosen === BARE) assert.deepEqual(first, Buffer.of(0))
  else if (chosen !== PLAIN) {
    assert.equal(first?.[0], ZWS_COMMAND)
    assert.ok(first?.subarray(1).toString("latin1").startsWith(readyBody(type).toString("latin1")))
  }
}

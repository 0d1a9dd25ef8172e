// One hostile peer against a whole socket: greeting, handshake, traffic, pattern, and the end of it all.
import assert from "node:assert/strict"
import { ContextCore } from "#src/core/context.js"
import { type PatternFactory, SocketCore } from "#src/core/socket.js"
import { ChannelPattern } from "#src/patterns/channel.js"
import { ClientPattern } from "#src/patterns/client.js"
import { DealerPattern } from "#src/patterns/dealer.js"
import { DishPattern } from "#src/patterns/dish.js"
import { GatherPattern } from "#src/patterns/gather.js"
import { PairPattern } from "#src/patterns/pair.js"
import { PubPattern } from "#src/patterns/pub.js"
import { PullPattern } from "#src/patterns/pull.js"
import { PushPattern } from "#src/patterns/push.js"
import { RadioPattern } from "#src/patterns/radio.js"
import { RepPattern } from "#src/patterns/rep.js"
import { ReqPattern } from "#src/patterns/req.js"
import { RouterPattern } from "#src/patterns/router.js"
import { ScatterPattern } from "#src/patterns/scatter.js"
import { ServerPattern } from "#src/patterns/server.js"
import { SubPattern } from "#src/patterns/sub.js"
import { XpubPattern } from "#src/patterns/xpub.js"
import { XsubPattern } from "#src/patterns/xsub.js"

import { greeting } from "../wire/zmtp-bytes.js"
import type { Chance } from "./chance.js"
import { nextConversation, socketTypes, type TalkingType } from "./conversations.js"
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
import { checkWrittenTo, nextOldConversation, oldVersionOf } from "./old-conversations.js"
import { SimulatedConn, SimulatedPlatform } from "./simulation.js"

/** The pattern of each type. */
export const patternFactories: Record<TalkingType, PatternFactory> = {
  PAIR: () => new PairPattern(),
  PUB: (settings) => new PubPattern(settings),
  SUB: (settings) => new SubPattern(settings),
  REQ: (options, random) => new ReqPattern(options, random),
  REP: () => new RepPattern(),
  DEALER: (options) => new DealerPattern(options),
  ROUTER: (options, random) => new RouterPattern(options, random),
  PULL: () => new PullPattern(),
  PUSH: () => new PushPattern(),
  XPUB: (settings) => new XpubPattern(settings),
  XSUB: (settings) => new XsubPattern(settings),
  SERVER: (_options, random) => new ServerPattern(random),
  CLIENT: () => new ClientPattern(),
  RADIO: (settings) => new RadioPattern(settings),
  DISH: () => new DishPattern(),
  GATHER: () => new GatherPattern(),
  SCATTER: () => new ScatterPattern(),
  PEER: (_options, random) => new ServerPattern(random),
  CHANNEL: () => new ChannelPattern(),
}

const address = "tcp://127.0.0.1:1"
const ownGreeting = Buffer.concat([Buffer.from("ff00000000000000017f", "hex"), greeting().subarray(10)])

interface Attack {
  readonly type: TalkingType
  readonly binds: boolean
  readonly stream: Buffer
  readonly leaving: Leaving
  readonly unlimited: boolean
}

/** Throws unless the socket survives the peer, ends in order, and does so alike under two splits of its bytes. */
export async function attackHandshake(chance: Chance): Promise<Encounter> {
  const type = chance.of(socketTypes)
  const attack: Attack = {
    type,
    binds: chance.below(2) === 0,
    stream: chance.below(5) === 0 ? nextOldConversation(chance, type) : nextConversation(chance, type),
    leaving: chance.of(["end", "reset", "silence", "close"]),
    // Announced lengths of up to 2^64 get through: each costs a first body, so few streams meet it.
    unlimited: chance.below(500) === 0,
  }
  const whole = await encounter(attack, undefined)
  const split = await encounter(attack, chance)
  assert.deepEqual(split, whole, `other splits make another encounter: ${JSON.stringify(describe(attack))}`)
  return whole
}

function describe({ stream, ...rest }: Attack): object {
  return { ...rest, stream: stream.toString("hex") }
}

/** With `chance` the bytes come in pieces, and writes take their time. */
async function encounter(attack: Attack, chance: Chance | undefined): Promise<Encounter> {
  const platform = new SimulatedPlatform()
  const core = new SocketCore(new ContextCore(platform), attack.type, patternFactories[attack.type])
  core.monitor.watched = true
  Object.assign(core.options, {
    linger: 0,
    handshakeInterval: interval,
    maxMessageSize: attack.unlimited ? -1 : 4000,
  })
  if (core.pattern instanceof XsubPattern) core.pattern.subscribe(Buffer.from("a"))
  if (core.pattern instanceof DishPattern) core.pattern.join(Buffer.from("a"))
  const conn = new SimulatedConn(platform, chance)
  meet(core, platform, conn, attack.binds)
  const received: string[] = []
  let at = 0
  while (at < attack.stream.length && !conn.closing) {
    const size = chance === undefined ? attack.stream.length : 1 + chance.below(chance.of([3, 20, 100, 3000]))
    at += conn.deliver(attack.stream.subarray(at, at + size))
    platform.run()
    receiveAll(core, received)
    platform.run()
  }
  leave(core, platform, conn, attack.leaving)
  receiveAll(core, received)
  if (!core.closed) sendSomething(core)
  platform.run()
  checkWritten(conn, attack.type, attack.stream.subarray(0, at))
  const events = takeEvents(core)
  await end(core, platform)
  return { events, received }
}

function meet(core: SocketCore, platform: SimulatedPlatform, conn: SimulatedConn, binds: boolean): void {
  if (binds) {
    core.endpoints.bindSync(address)
    platform.accept?.(conn)
  } else {
    core.endpoints.connect(address)
    platform.wanted.shift()?.opened(conn)
  }
  platform.run()
}

/** Whatever the peer does, what we write is as much of a greeting as it may hear, then frames. */
function checkWritten(conn: SimulatedConn, type: TalkingType, heard: Buffer): void {
  const bytes = Buffer.concat(conn.written)
  assert.ok(bytes.subarray(0, 10).equals(ownGreeting.subarray(0, 10)), "our signature comes first")
  const version = oldVersionOf(heard)
  if (version !== undefined) {
    checkWrittenTo(version, bytes, type)
    return
  }
  assert.ok(bytes.subarray(0, 64).equals(ownGreeting.subarray(0, bytes.length)), "our greeting comes first")
  if (bytes.length < 64) return
  const frames = framesOf(bytes.subarray(64))
  for (const { flags } of frames) {
    assert.ok(flags <= 7 && (flags & 5) !== 5, "flags that we do not write")
  }
  const expected = `\x05READY\x0bSocket-Type\0\0\0${String.fromCharCode(type.length)}${type}`
  const [ready] = frames
  if (ready !== undefined) assert.equal(ready.body.toString("latin1", 0, expected.length), expected)
}

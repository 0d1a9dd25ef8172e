// A peer that has heard honest ones, and takes what they said apart: against sockets with mechanisms, in both roles.
import assert from "node:assert/strict"
import { ProtocolError } from "#src/errors.js"
import { LONG, MORE } from "../wire/zmtp-bytes.js"
import type { Chance } from "./chance.js"
import { end } from "./encounter.js"
import type { Medium } from "./media.js"
import { injure } from "./streams.js"
import {
  beginScene,
  password,
  roles,
  type Scene,
  type TalkRole,
  type Talks,
  type TrueTalk,
  talksOver,
  username,
} from "./true-talks.js"

/** Throws unless the socket survives the peer and hears nothing that it must not; into which classes that falls. */
export async function attackMechanism(chance: Chance, medium: Medium): Promise<string[]> {
  const role = chance.of(roles)
  const world = chance.below(2)
  const pieces = mutate(chance, medium, role, world)
  const statuses = Array.from({ length: 3 }, () => chance.of(["200", "200", "200", "400", "300", "201"]))
  try {
    return await encounter(chance, medium, role, world, pieces, statuses)
  } catch (error) {
    console.error(
      role,
      world,
      statuses,
      pieces.map((piece) => piece.toString("hex")),
    )
    throw error
  }
}

/** An honest peer's pieces, with up to three changes. */
function mutate(chance: Chance, medium: Medium, role: TalkRole, world: number): Buffer[] {
  const talks = talksOver(medium)
  const talk = chance.of(talks[role][world] ?? [])
  let pieces: Buffer[] = talk.pieces.map((piece) => Buffer.from(piece))
  for (let count = chance.below(4); count > 0; count--) {
    const at = chance.below(pieces.length)
    const piece = pieces[at] ?? Buffer.alloc(0)
    switch (chance.below(10)) {
      case 0:
        pieces.splice(at, 1)
        break
      case 1:
        pieces.splice(chance.below(pieces.length + 1), 0, piece)
        break
      case 2: {
        const other = chance.below(pieces.length)
        pieces[at] = pieces[other] ?? piece
        pieces[other] = piece
        break
      }
      case 3:
        pieces.splice(at, 1 - chance.below(2), otherPiece(chance, talks, role))
        break
      case 4: {
        // Up to here it is another's.
        const rest = chance.of(talks[role][chance.below(2)] ?? []).pieces
        pieces = [...pieces.slice(0, at), ...rest.slice(at)]
        break
      }
      case 5:
        pieces.splice(at, 0, clear(chance, medium))
        break
      case 6:
        pieces = pieces.slice(0, at)
        break
      case 7:
        // The header may be right for what its body is now.
        if (piece.length < 260)
          pieces[at] = medium.recommand(piece, (body) => injure(chance, Buffer.from(body)))
        break
      default:
        pieces[at] = injure(chance, Buffer.from(piece))
    }
    if (pieces.length === 0) return [Buffer.alloc(0)]
  }
  return pieces
}

function otherPiece(chance: Chance, talks: Talks, role: TalkRole): Buffer {
  const from = chance.below(3) === 0 ? chance.of(roles) : role
  const { pieces } = chance.of(talks[from][chance.below(2)] ?? [])
  return chance.of(pieces)
}

/** Plain frames, whole or begun, that a hidden talk has no place for. */
function clear(chance: Chance, medium: Medium): Buffer {
  const body = "in the clear ".repeat(chance.of([1, 20, 300]))
  const bytes = medium.write(chance.of([0, MORE, LONG, MORE | LONG]), body)
  return chance.below(3) === 0 ? bytes.subarray(0, 1 + chance.below(bytes.length)) : bytes
}

async function encounter(
  chance: Chance,
  medium: Medium,
  role: TalkRole,
  world: number,
  pieces: readonly Buffer[],
  statuses: string[],
): Promise<string[]> {
  const slow = chance.below(2) === 0
  const scene = beginScene(medium, role, world, slow ? chance : undefined)
  const { platform, line, judge } = scene
  const patient = chance.below(4)
  let granted = false
  const judged = (): void => {
    if (judge === undefined || judge.questions.length > 0) return
    const [status = "200"] = statuses
    judge.answer(status)
    platform.run()
    granted = judge.questions.length > 0 && status === "200" && isRight(judge.questions[0] ?? [])
  }
  const size = chance.of([3, 30, 300, 10_000])
  for (const portion of medium.portions(pieces, size, chance)) {
    let at = 0
    do {
      at += line.deliver(portion.subarray(at))
      if (chance.below(3) > 0) platform.run()
      if (patient === 0 || chance.below(patient + 1) === 0) judged()
      if (chance.below(1000) === 0) platform.pass(1000)
    } while (at < portion.length && !line.closing)
    if (line.closing) break
  }
  platform.run()
  judged()
  const received = takeAll(scene)
  if (chance.below(2) === 0 && !line.closing) platform.pass(1000)
  if (!line.closed && chance.below(2) === 0) line.close(undefined)
  platform.run()
  judged()
  received.push(...takeAll(scene))
  const events = takeEvents(scene)
  check(talksOver(medium)[role], role, events, received, granted)
  scene.core.close()
  judge?.core.close()
  await end(scene.core, platform)
  const classes = events.filter((event) => event.startsWith("handshake"))
  return received.length > 0 ? [...classes, `${role} heard`] : classes
}

function isRight([, , , mechanism, name, secret]: readonly string[]): boolean {
  return mechanism !== "PLAIN" || (name === username && secret === password)
}

function takeAll({ core: { pattern, traffic } }: Scene): string[] {
  const received: string[] = []
  while (pattern.canReceive) {
    const message = traffic.tryReceive()
    if (message === undefined) break
    received.push(message.map((part) => part.toString("latin1")).join("|"))
  }
  return received
}

function takeEvents({ core: { monitor } }: Scene): string[] {
  const events: string[] = []
  while (monitor.hasUnread) {
    const event = monitor.next()
    assert.ok(!(event instanceof Promise))
    if (event.type === "handshake:error:protocol") assert.ok(event.error instanceof ProtocolError)
    // What the peer calls its mechanism is quoted, whatever that is.
    const told = "error" in event ? event.error.message.replace(/mechanism is .*, ours/s, "") : ""
    assert.ok(!told.includes(password), `a secret was told: ${told}`)
    events.push(event.type)
  }
  return events
}

/** Nobody is heard who has not been let in, and where messages are hidden only what one honest peer said, in order. */
function check(
  talks: readonly (readonly TrueTalk[])[],
  role: TalkRole,
  events: readonly string[],
  received: readonly string[],
  granted: boolean,
): void {
  const shaken = events.includes("handshake")
  if (received.length > 0) assert.ok(shaken, "a message without a handshake")
  if (role === "PLAIN server" || role.startsWith("NULL")) {
    if (shaken) assert.ok(granted, "a peer whom nobody let in")
    return
  }
  if (!role.startsWith("CURVE") || received.length === 0) return
  // One that is left out is not missed: frames may so become others' neighbours, but each was sealed in this talk.
  const frames = received.flatMap((message) => message.split("|"))
  const honest = talks.flat().find(({ said }) => said.includes(frames[0] ?? ""))
  assert.ok(honest !== undefined, `this was never said: ${frames[0]}`)
  let at = -1
  for (const body of frames) {
    const next = honest.said.indexOf(body)
    assert.ok(next > at, `this was never said, or not then: ${body}`)
    at = next
  }
}

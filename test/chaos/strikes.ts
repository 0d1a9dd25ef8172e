// The faults that take more than a word to a relay.
import assert from "node:assert/strict"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { until } from "./patience.js"
import type { PlayerProcess } from "./player-process.js"
import { MARK, type Side, sides } from "./protocol.js"
import type { Round } from "./round.js"
import { inHand } from "./verdict.js"

/** Milliseconds that faults last which end by themselves. */
export const LASTING = 700
/** Looks at a sender, one every few milliseconds, which must all find it where it was. */
const STILL_LOOKS = 10
const LOOK_INTERVAL = 40
/** Files that a poor process may open. */
const FILES = 90
const HOST_NAME = "chaos.test"

/** The side that binds reads nothing (of a PUB's peers it is the other) while its peer sends all that it can. */
export async function holdReaders(round: Round): Promise<void> {
  const { author, reader } = await fill(round)
  author.order("pace")
  reader.order("read")
}

/** The connection leads nowhere: letters come over another, and both sides give it up. */
export async function silence(round: Round, meanwhile?: () => Promise<void>): Promise<void> {
  const players = sides.map((side) => round.player(side))
  const before = players.map(({ ends }) => ends.length)
  await round.swallow()
  await meanwhile?.()
  await round.flow(20)
  // A REQ that asks again has closed its socket, and so hears of no end.
  if (round.plan.pattern === "request") return
  await until(
    async () => players.every(({ ends }, at) => ends.length > (before[at] as number)),
    "both sides to notice the silence",
  )
}

/** The connection is cut when all queues are full: the sender's outlives it. */
export async function cutFull(round: Round): Promise<void> {
  const { author, reader, isFull } = await fill(round)
  const accepted = author.sent.length
  // A queue that was full takes more when half of it is free.
  if (isFull) round.keep({ author: author.plan.number, first: accepted - MARK / 2 + 1, last: accepted })
  author.order("pace")
  await round.cut("RST")
  reader.order("read")
  await round.flow(20)
}

async function fill(
  round: Round,
): Promise<{ author: PlayerProcess; reader: PlayerProcess; isFull: boolean }> {
  const { pattern } = round.plan
  const reading: Side = pattern === "publish" ? "connect" : "bind"
  const reader = round.player(reading)
  const author = round.player(reading === "bind" ? "connect" : "bind")
  reader.order("hold")
  author.order("rush")
  // A PUB drops what there is no room for, and a REQ has one question at a time.
  const isFull = pattern !== "publish" && pattern !== "request"
  if (isFull) {
    await standstill(round, author, () => unread(round, author, reading).length)
    await checkMarks(round, author, reading)
  } else await delay(2 * LASTING)
  return { author, reader, isFull }
}

/** The sizes of what was accepted and has not been read. */
function unread({ accounts }: Round, { plan, sent }: PlayerProcess, reading: Side): number[] {
  const account = accounts.get(reading)
  return sent.filter((_, at) => !account?.has(plan.number, at + 1))
}

/** At least one of the two queues is full, nothing more is accepted, and nothing is on its way any more. */
async function standstill({ relay }: Round, author: PlayerProcess, waiting: () => number): Promise<void> {
  let [looks, sent, bytes] = [0, -1, -1]
  await until(async () => {
    await delay(LOOK_INTERVAL)
    // It is asked, since on a busy machine it may be late to tell.
    await author.update()
    const isStill = author.sent.length === sent && relay.forth === bytes && waiting() > MARK
    looks = isStill ? looks + 1 : 0
    sent = author.sent.length
    bytes = relay.forth
    return looks >= STILL_LOOKS
  }, "a sender to fill a queue and to wait for its peer")
}

/** No more was accepted than both queues hold, and what is between them. */
async function checkMarks(round: Round, author: PlayerProcess, reading: Side): Promise<void> {
  const queued = await round.queued()
  const sizes = unread(round, author, reading).sort((one, other) => other - one)
  // The largest letters may be those in the queues; the others must be on their way.
  const bytes = sizes.slice(2 * MARK).reduce((total, size) => total + size, 0)
  const most = queued + round.relayed + inHand(author)
  assert.ok(bytes <= most, `${round.name}: ${bytes} bytes were accepted beyond the marks, more than ${most}`)
}

/** Starts those who bind with few files to open. */
export function makePoor(round: Round): void {
  const command = ["sh", "-c", `ulimit -n ${FILES} && exec "$@"`, "sh"]
  round.wrappings.bind = { command, flags: [] }
}

/** Strangers take all the files there are, and the peer's connection is cut: until they go it cannot come back. */
export async function exhaustFiles(round: Round): Promise<void> {
  const { pid } = round.player("bind")
  const strangers = Array.from({ length: FILES }, () => net.connect(round.player("bind").port, "127.0.0.1"))
  for (const stranger of strangers) stranger.on("error", () => {}).resume()
  const leave = (): void => {
    for (const stranger of strangers) stranger.destroy()
  }
  round.onEnd(leave)
  await until(async () => readdirSync(`/proc/${pid}/fd`).length >= FILES - 2, "all files to be taken")
  // Who is connected notices nothing; but a REQ that asks again has to connect anew.
  if (round.plan.pattern !== "request") await round.flow(20)
  await round.cut("RST")
  await delay(LASTING)
  leave()
}

/** Others have the port when a successor is to bind to it. */
export async function takePort(round: Round): Promise<void> {
  const held: net.Socket[] = []
  const squatter = net.createServer((socket) => held.push(socket.on("error", () => {}).resume()))
  const leave = (): void => {
    squatter.close()
    for (const socket of held) socket.destroy()
  }
  round.onEnd(leave)
  await round.replace("bind", async (port) => {
    await new Promise<void>((resolve, reject) => {
      squatter.once("error", reject).listen(port, "127.0.0.1", resolve)
    })
  })
  await until(async () => round.player("bind").taken > 2, "a bind to be refused")
  leave()
  await round.bound()
}

/** Who connects sees a list of hosts of its own, which has the name only after a while, and no other source of names. */
export function giveNames(round: Round): void {
  const folder = mkdtempSync(join(tmpdir(), "puremq-chaos-"))
  const [hosts, sources] = [join(folder, "hosts"), join(folder, "nsswitch.conf")]
  writeFileSync(sources, "hosts: files\n")
  round.nameHost = (isThere) => writeFileSync(hosts, isThere ? `127.0.0.1 ${HOST_NAME}\n` : "")
  round.nameHost(false)
  const later = setTimeout(() => round.nameHost?.(true), LASTING)
  round.onEnd(() => {
    clearTimeout(later)
    rmSync(folder, { recursive: true, force: true })
  })
  const mounts = `mount --bind ${hosts} /etc/hosts && mount --bind ${sources} /etc/nsswitch.conf && exec "$@"`
  round.wrappings.connect = { command: ["unshare", "-m", "sh", "-c", mounts, "sh"], flags: [] }
  round.hostName = HOST_NAME
}

/** The name cannot be found any more, then it can. */
export async function loseName(round: Round): Promise<void> {
  round.nameHost?.(false)
  // What was looked up before may still be connected to.
  await delay(LASTING / 7)
  await round.cut("RST")
  await delay(LASTING / 7)
  const { accepted } = round.relay
  await round.cut("RST")
  await delay(LASTING)
  if (round.relay.accepted !== accepted) round.violations.push("connected to a name that was not there")
  round.nameHost?.(true)
}

/** Every look at the calendar is hours off the one before, either way. */
const JUMPING = `const now = Date.now
let looks = 0
Date.now = () => now() + (looks++ % 2 === 0 ? 1 : -1) * 3_600_000 * (looks % 7)
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [Date.now()] : given))
  }
}`

export function makeClocksJump(round: Round): void {
  const flags = ["--import", `data:text/javascript,${encodeURIComponent(JUMPING)}`]
  for (const side of ["connect", "bind"] as const) round.wrappings[side] = { command: [], flags }
}

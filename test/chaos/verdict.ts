// What a round came to, and whether anything was lost where nothing may be.
import { LARGEST_SHARED_CHUNK } from "#src/wire/chunk-plan.js"
import { LARGE_BATCH_BYTES } from "#src/wire/encoder.js"
import type { AuthorBook, Books, Window } from "./books.js"
import { BURST, MARK, type Side } from "./protocol.js"

/** A row of the table. */
export interface Outcome {
  readonly sent: number
  readonly received: number
  readonly lost: number
  /** Where that may be. */
  readonly where: string
  readonly reconnects: number
  readonly retries: number
  readonly violations: readonly string[]
}

/** Letters of one author, numbered without a gap, that did not arrive. */
interface Hole {
  readonly author: AuthorBook
  readonly first: number
  readonly last: number
}

export function judge(books: Books): Outcome {
  const { authors, pattern, received, reconnects, retries, violations } = books
  const holes = authors.flatMap((author) => holesOf(author, unheard(author, pattern) + 1))
  const lost = count(holes)
  const { where, wrong } = lost === 0 ? nowhere : excuse(books, holes)
  // One wrong leads to others: what did not come to its end lacks letters, too.
  const [first] = [
    ...violations,
    ...wrong,
    ...overtaken(books),
    ...(received === 0 ? ["nothing came"] : []),
    ...unprovoked(books),
  ]
  return {
    sent: authors.reduce((total, author) => total + author.sent.length - unheard(author, pattern), 0),
    ...{ received, lost, where, reconnects, retries },
    violations: first === undefined ? [] : [first],
  }
}

interface Excuse {
  readonly where: string
  readonly wrong: readonly string[]
}

const nowhere: Excuse = { where: "", wrong: [] }

/** Where what is missing may be lost, and what is wrong about it. */
function excuse(books: Books, holes: readonly Hole[]): Excuse {
  if (books.pattern === "request") return { where: "asked again", wrong: unanswered(books, holes) }
  if (books.loses === "nothing") return { where: "a PUB's queue was full", wrong: undropped(books, holes) }
  return {
    where: books.killed.length > 0 ? "with a process" : "with a connection",
    wrong: [
      ...unkept(books, holes),
      ...outside(books, holes),
      ...unended(books, holes),
      ...beyondReach(books, holes),
    ],
  }
}

/** Each question without an answer was asked again, but for the one that a killed process may have had. */
function unanswered({ retries, killed }: Books, holes: readonly Hole[]): string[] {
  const lost = count(holes)
  if (lost <= retries + killed.length) return []
  return [`${lost} requests had no answer, but only ${retries} were asked again`]
}

/** Where no connection ended, only a PUB may drop, and tells how much. */
function undropped({ pattern, stalls, dropped }: Books, holes: readonly Hole[]): string[] {
  if (pattern !== "publish" || !stalls) return [`lost: ${tell(holes)}`]
  const lost = count(holes)
  if (dropped === undefined || lost <= dropped) return []
  return [`${lost} letters are missing, of which the PUB dropped ${dropped}`]
}

/** Where a fault ends no connection, nobody gives one up. */
function unprovoked({ loses, reconnects }: Books): string[] {
  return loses === "nothing" && reconnects > 0 ? [`${reconnects} connections were made anew`] : []
}

/** Nothing is lost before a fault, or after it. */
function outside({ windows }: Books, holes: readonly Hole[]): string[] {
  const lost = holes.filter((hole) => !windows.some((window) => isWithin(hole, window)))
  return lost.length === 0 ? [] : [`lost while all was well: ${tell(lost)}`]
}

/**
 * Each connection that ended excuses one gap, which is over when its author heard of the end. Not of a PUB, which
 * sends nothing to who is not there.
 */
function unended({ pattern }: Books, holes: readonly Hole[]): string[] {
  if (pattern === "publish") return []
  const left = new Map(holes.map(({ author }) => [author, [...author.ends]]))
  const lost = holes.filter((hole) => {
    if (isLastOfDead(hole)) return false
    const ends = left.get(hole.author) as number[]
    const at = ends.findIndex((end) => end >= hole.last)
    if (at === -1) return true
    ends.splice(0, at + 1)
    return false
  })
  return lost.length === 0 ? [] : [`lost without an end of a connection: ${tell(lost)}`]
}

/** What a later connection brings may be read before the rest of an earlier one's; but over one nothing overtakes. */
function overtaken({ pattern, authors }: Books): string[] {
  if (pattern === "publish" || pattern === "request") return []
  return authors.flatMap(({ number, account, ends }) => {
    const jumps = account.jumps(number)
    if (jumps <= ends.length) return []
    return [`${jumps} letters of author ${number} came too early, while ${ends.length} connections ended`]
  })
}

/** What waits in the queue of an author who connects outlives the connection. */
function unkept({ kept }: Books, holes: readonly Hole[]): string[] {
  const lost = holes.filter((hole) =>
    kept.some(
      ({ author, first, last }) => author === hole.author.number && hole.first <= last && hole.last >= first,
    ),
  )
  return lost.length === 0 ? [] : [`lost from a queue: ${tell(lost)}`]
}

/** With a connection goes what is on its way, with a process what it has queued, and with who is bound his queue. */
function beyondReach({ pattern, underWay, killed }: Books, holes: readonly Hole[]): string[] {
  return holes.flatMap((hole) => {
    const { author, first, last } = hole
    if (pattern === "publish") return []
    // What it sends in one go before it can see that a connection has ended.
    let letters = BURST
    if (author.isDead || author.side === "bind") letters += MARK
    if (killed.some((side) => side !== author.side)) letters += MARK + TAKEN
    const sizes = author.sent.slice(first - 1, last).sort((one, other) => other - one)
    const bytes = sizes.slice(letters).reduce((total, size) => total + size, 0)
    const most = underWay + inHand(author)
    if (bytes <= most) return []
    return [`${tell([hole])}, ${bytes} bytes beyond ${letters} letters, of ${most} that can be on their way`]
  })
}

/** A letter that was taken by who was killed before he could tell. */
const TAKEN = 1

/** What the two ends have in hand besides their queues: two batches of the sender's, and what is being read. */
export function inHand({ sent }: Pick<AuthorBook, "sent">): number {
  return 2 * (LARGE_BATCH_BYTES + Math.max(0, ...sent)) + LARGEST_SHARED_CHUNK
}

function isWithin({ author, first, last }: Hole, { before, after }: Window): boolean {
  const { number, isDead } = author
  return first > (before.get(number) ?? 0) && (isDead || last <= (after.get(number) ?? 0))
}

/** Dead men hear of no end. */
function isLastOfDead({ author, last }: Hole): boolean {
  return author.isDead && last >= author.sent.length
}

function holesOf(author: AuthorBook, from: number): Hole[] {
  const { number, sent, account } = author
  const to = Math.max(sent.length, account.highest(number))
  const holes: Hole[] = []
  let first: number | undefined
  for (let sequence = from; sequence <= to + 1; sequence++) {
    const isMissing = sequence <= to && !account.has(number, sequence)
    if (isMissing) first ??= sequence
    else if (first !== undefined) {
      holes.push({ author, first, last: sequence - 1 })
      first = undefined
    }
  }
  return holes
}

/** How many letters were sent to nobody: a PUB does not wait for who is not there yet. */
function unheard({ number, sent, account }: AuthorBook, pattern: Books["pattern"]): number {
  return pattern === "publish" ? Math.min(account.lowest(number) - 1, sent.length) : 0
}

function count(holes: readonly Hole[]): number {
  return holes.reduce((total, { first, last }) => total + last - first + 1, 0)
}

function tell(holes: readonly Hole[]): string {
  return holes.map(({ author, first, last }) => `${first} to ${last} of author ${author.number}`).join(", ")
}

/** Whose letters a side receives, which are missed when they do not come. */
export function authorOf(pattern: Books["pattern"], receiving: Side): Side {
  return pattern === "request" || receiving === "bind" ? "connect" : "bind"
}

// That each check of a round can fail: books that are in order pass, and each wrong in them is found. That rounds find what
// is wrong with a library is shown by `npm run test:chaos -- --mutants`.
import assert from "node:assert/strict"
import { test } from "node:test"
import { Chance } from "../fuzz/chance.js"
import { fromRoot } from "../interop/package-root.js"
import { Author, openDesk, readLetter } from "../letters/letter.js"
import { placesOf } from "../simulation/mutants/library-copy.js"
import { Account } from "./account.js"
import type { AuthorBook, Books } from "./books.js"
import { faults } from "./faults.js"
import { nameOf, roundsOf } from "./matrix.js"
import { planted } from "./mutants/faults.js"
import { BURST, MARK, type PatternName, type Side } from "./protocol.js"
import { judge } from "./verdict.js"

/** Letters of the fabricated authors, the fault in the midst of them, and how many bytes each has. */
const LETTERS = 1000
const [BEFORE, AFTER] = [100, 900]
const SIZE = 10_000

const letter = (sequence: number, sender = 1) => ({
  ...{ sender, sequence, bytesBefore: (sequence - 1) * SIZE, bytes: SIZE, queueIsLost: false },
})

/** An account of all letters but those from `first` to `last`. */
function accountWithout(...missing: readonly (readonly [first: number, last: number])[]): Account {
  const account = new Account("runs")
  for (let sequence = 1; sequence <= LETTERS; sequence++) {
    if (!missing.some(([first, last]) => sequence >= first && sequence <= last))
      account.enter(letter(sequence))
  }
  return account
}

function authorWithout(missing: readonly (readonly [number, number])[], others: Partial<AuthorBook> = {}) {
  const sent = Array<number>(LETTERS).fill(SIZE)
  const account = accountWithout(...missing)
  return { number: 1, side: "connect" as Side, isDead: false, sent, ends: [], account, ...others }
}

function booksOf(author: AuthorBook, others: Partial<Books> = {}): Books {
  return {
    ...{ pattern: "push", loses: "connection", stalls: false, authors: [author] },
    windows: [{ before: new Map([[1, BEFORE]]), after: new Map([[1, AFTER]]) }],
    ...{
      kept: [],
      received: LETTERS,
      killed: [],
      reconnects: 1,
      retries: 0,
      dropped: 0,
      underWay: 0,
      violations: [],
    },
    ...others,
  }
}

const violations = (author: AuthorBook, others?: Partial<Books>): string[] => [
  ...judge(booksOf(author, others)).violations,
]
const inOrder = (author: AuthorBook, others?: Partial<Books>): void =>
  assert.deepEqual(violations(author, others), [])
const wrong = (finding: RegExp, author: AuthorBook, others?: Partial<Books>): void => {
  const found = violations(author, others)
  assert.equal(found.length, 1, found.join("; "))
  assert.match(found[0] as string, finding)
}

const gap = (first: number, last: number, others: Partial<AuthorBook> = {}): AuthorBook =>
  authorWithout([[first, last]], others)

test("nothing that is missing is no violation, and nothing that came at all is one", () => {
  inOrder(authorWithout([]))
  wrong(/nothing came/, authorWithout([]), { received: 0 })
})

test("what went wrong while a round was played stays wrong", () => {
  wrong(/came twice/, authorWithout([]), { violations: ["letter 1 of author 1 came twice"] })
})

test("a letter that comes twice is found, whoever of the same author came between", () => {
  const account = accountWithout([500, 500])
  assert.throws(() => account.enter(letter(LETTERS)), /came twice/)
  assert.throws(() => account.enter(letter(3)), /came twice/)
})

test("a letter that is overtaken is found: at once where a connection had one author, else by its number", () => {
  const rising = new Account("rising")
  for (const sequence of [1, 2, 4]) rising.enter(letter(sequence))
  assert.throws(() => rising.enter(letter(3)), /late/)
  const account = new Account("runs")
  const swapped = Array.from({ length: LETTERS }, (_, at) => at + 1)
  swapped.splice(499, 4, 501, 500, 503, 502)
  for (const sequence of swapped) account.enter(letter(sequence))
  inOrder({ ...authorWithout([]), account, ends: [502, 504] })
  wrong(/came too early/, { ...authorWithout([]), account, ends: [502] })
  wrong(/came too early/, { ...authorWithout([]), account }, { loses: "nothing", reconnects: 0 })
})

test("a letter is found that lacks a part, has one too many or another's, or has a changed byte", () => {
  const author = new Author(1, false, openDesk(new Chance(1)))
  let several = author.next()
  while (several.length < 4 || several.some(({ length }) => length === 0)) several = author.next()
  const others = author.next()
  assert.equal(readLetter(several).sequence, author.sequence - 1)
  assert.throws(() => readLetter(several.slice(0, -1)), /parts came/)
  assert.throws(() => readLetter(several.slice(1)), /not a header/)
  assert.throws(() => readLetter([...several, Buffer.alloc(1)]), /parts came/)
  assert.throws(() => readLetter([others[0] as Buffer, ...several.slice(1)]), /parts came|checksum/)
  const [header, first, second, ...rest] = several as [Buffer, Buffer, Buffer, ...Buffer[]]
  assert.throws(() => readLetter([header, second, first, ...rest]), /checksum/)
  const changed = Buffer.from(first)
  changed[0] = (changed[0] as number) ^ 1
  assert.throws(() => readLetter([header, changed, second, ...rest]), /checksum/)
})

test("where no connection ends nothing may be lost", () => {
  wrong(/^lost: 500 to 500 of author 1$/, gap(500, 500), { loses: "nothing", reconnects: 0 })
  wrong(/^lost: /, gap(500, 500), { loses: "nothing", stalls: true, reconnects: 0 })
})

test("where a fault ends no connection none may be given up", () => {
  inOrder(authorWithout([]), { loses: "nothing", reconnects: 0 })
  wrong(/^1 connections were made anew$/, authorWithout([]), { loses: "nothing", reconnects: 1 })
})

test("a PUB may drop where its queue is full, no more than it says, and only there", () => {
  const publish = { pattern: "publish" as PatternName, loses: "nothing" as const, reconnects: 0 }
  const bound = gap(500, 509, { side: "bind" })
  inOrder(bound, { ...publish, stalls: true, dropped: 10 })
  wrong(/10 letters are missing, of which the PUB dropped 9/, bound, { ...publish, stalls: true, dropped: 9 })
  wrong(/^lost: /, bound, { ...publish, dropped: 10 })
})

test("a loss is found that was before the fault, or after it", () => {
  const ends = [LETTERS]
  inOrder(gap(500, 501, { ends }))
  wrong(/while all was well/, gap(BEFORE, BEFORE + 1, { ends }))
  wrong(/while all was well/, gap(AFTER, AFTER + 1, { ends }))
  wrong(/while all was well/, gap(50, 50, { ends, side: "bind" }), { pattern: "publish" })
})

test("each connection that ended excuses one gap, which was over when its author heard of it", () => {
  const two = [
    [300, 301],
    [500, 501],
  ] as const
  inOrder(authorWithout(two, { ends: [301, 501] }))
  inOrder(authorWithout(two, { ends: [320, 520] }))
  for (const ends of [[], [301], [501], [300, 501], [301, 500]]) {
    wrong(/without an end of a connection/, authorWithout(two, { ends }))
  }
})

test("who was killed hears of no end, but only its last letters may be missing", () => {
  const dead = { isDead: true }
  inOrder(gap(LETTERS - 3, LETTERS, dead), { killed: ["connect"] })
  wrong(/without an end/, gap(500, 503, dead), { killed: ["connect"] })
})

test("no more is lost than can be on its way", () => {
  const ends = [LETTERS]
  /** Letters that the bytes in hand of both ends are good for: two batches, two letters and a read. */
  const inHand = (3 * 262_144 + 2 * SIZE) / SIZE
  const least = Math.floor(inHand) + BURST
  const allows = (letters: number, author: Partial<AuthorBook>, others: Partial<Books> = {}): void => {
    // Within the window, also of who is dead.
    const hole = (count: number) => gap(LETTERS - count + 1, LETTERS, { ends, ...author })
    const later = { windows: [{ before: new Map([[1, 1]]), after: new Map([[1, LETTERS]]) }] }
    inOrder(hole(letters), { ...later, ...others })
    wrong(/that can be on their way/, hole(letters + 1), { ...later, ...others })
  }
  allows(least, {})
  // What the kernel and the relay held.
  allows(least + 7, {}, { underWay: 7 * SIZE })
  // The queue of who was killed, of who is bound, and of the receiver that was killed, with the letter in its hand.
  allows(least + MARK, { isDead: true }, { killed: ["connect"] })
  allows(least + MARK, { side: "bind" }, { pattern: "dealer" })
  allows(least + MARK + 1, {}, { killed: ["bind"] })
})

test("what waited in the queue of who connects is not lost with the connection", () => {
  const lost = gap(500, 509, { ends: [520] })
  inOrder(lost, { kept: [{ author: 1, first: 510, last: 520 }] })
  inOrder(lost, { kept: [{ author: 2, first: 500, last: 520 }] })
  for (const [first, last] of [
    [509, 520],
    [490, 500],
    [503, 504],
  ] as const) {
    wrong(/lost from a queue/, lost, { kept: [{ author: 1, first, last }] })
  }
})

test("each request without an answer was asked again, but for what a killed process asked", () => {
  const request = { pattern: "request" as PatternName }
  inOrder(gap(500, 501), { ...request, retries: 2 })
  inOrder(gap(500, 501), { ...request, retries: 1, killed: ["connect"] })
  wrong(/only 1 were asked again/, gap(500, 501), { ...request, retries: 1 })
})

test("each fault that is to be planted has its place in the library, and a round to find it", () => {
  const puremqAlone = [{ connect: "puremq", bind: "puremq" }] as const
  const rounds = roundsOf(faults, puremqAlone, 1).map(nameOf)
  for (const { fault, round } of planted) {
    assert.equal(placesOf(fault, fromRoot("dist")), 1, `${fault.name}: ${fault.module} has changed`)
    assert.ok(rounds.includes(`${round}, puremq to puremq`), `${fault.name}: there is no round "${round}"`)
  }
})

// Messages that tell where they come from, and whether they are whole.
import assert from "node:assert/strict"

export interface Letter {
  readonly name: string
  /** What the receiver is to see, without routing ids and delimiters. */
  readonly body: readonly Buffer[]
  readonly topic: string
  readonly from: string
  /** In the order in which its sender sent. */
  readonly number: number
  /** Who alone may get it: the name of an actor, or the beginning of those of a socket and its successors. */
  readonly to: string | undefined
  /** What it answers. */
  readonly answers: string | undefined
  state: "pending" | "accepted" | "refused"
}

// A number that a ROUTER or a REQ made up may look like anything.
const OPENED = /^[ABC]*<(s\d+\.\d+:\d+)>/
const CLOSED = /\{(s\d+\.\d+:\d+)\}/g

/** Of all letters, by their names. */
export class Post {
  readonly letters: Map<string, Letter> = new Map()

  write(
    from: string,
    number: number,
    topic: string,
    sizes: readonly number[],
    to?: string,
    answers?: string,
  ): Letter {
    const name = `${from}:${number}`
    const body = sizes.map((size, at) => {
      const start = at === 0 ? `${topic}<${name}>` : ""
      const end = at === sizes.length - 1 ? `{${name}}` : ""
      const filler = size === 0 ? "" : `${name}/${at}/abcdefgh`.repeat(Math.ceil(size / 12)).slice(0, size)
      return Buffer.from(start + filler + end)
    })
    const letter: Letter = { name, body, topic, from, number, to, answers, state: "pending" }
    this.letters.set(name, letter)
    return letter
  }

  /** What was received, taken apart; undefined when it is no letter. */
  read(message: readonly Buffer[]): { letter: Letter; envelope: readonly Buffer[] } | undefined {
    for (let at = 0; at < message.length; at++) {
      const name = OPENED.exec((message[at] as Buffer).toString("latin1", 0, 40))?.[1]
      if (name === undefined) continue
      const letter = this.letters.get(name)
      assert.ok(letter !== undefined, `damage: nobody wrote ${name}`)
      const body = message.slice(at)
      assert.ok(
        isWhole(letter, body),
        `damage: ${name} came with ${body.length} of ${letter.body.length} frames`,
      )
      return { letter, envelope: message.slice(0, at) }
    }
    return undefined
  }
}

/** Whether these frames are what was written. */
export function isWhole(letter: Letter, body: readonly Buffer[]): boolean {
  return (
    body.length === letter.body.length && body.every((frame, at) => frame.equals(letter.body[at] as Buffer))
  )
}

/** The letters that stand whole in a stream of bytes, with where each ends. */
export function lettersIn(log: readonly Buffer[]): { name: string; end: number }[] {
  const text = Buffer.concat(log).toString("latin1")
  const found: { name: string; end: number }[] = []
  for (const match of text.matchAll(CLOSED)) {
    found.push({ name: match[1] as string, end: match.index + match[0].length })
  }
  return found
}

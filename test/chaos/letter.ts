// Messages of three frames that show whether they are whole, their own, and in their place.

const LONGEST = 3000

export function write(sender: string, number: number): Buffer[] {
  const body = Buffer.alloc((number * 769) % LONGEST, number & 0xff)
  return [Buffer.from(`${sender}:${number}`), body, Buffer.from(`${number}:${sender}`)]
}

export interface Letter {
  readonly sender: string
  readonly number: number
}

/** What a message says, or an error when any of it is missing or another's. */
export function read(frames: readonly Buffer[]): Letter {
  const [head, body, tail] = frames
  const [sender = "", digits] = String(head).split(":")
  const number = Number(digits)
  const wanted = write(sender, number)
  const whole = frames.length === 3 && wanted.every((frame, at) => frame.equals(frames[at] as Buffer))
  if (!whole) throw new Error(`mixed: ${frames.length} frames, ${head}, ${body?.length} bytes, ${tail}`)
  return { sender, number }
}

/** Holds the letters of each sender to their order; one that comes twice comes out of order, too. */
export class Reading {
  received = 0
  gaps = 0
  lost = 0
  readonly last: Record<string, number> = {}

  add(frames: readonly Buffer[]): Letter {
    const letter = read(frames)
    const { sender, number } = letter
    const before = this.last[sender]
    if (before !== undefined && number <= before)
      throw new Error(`twice or late: ${sender} ${number} behind ${before}`)
    if (before !== undefined && number > before + 1) {
      this.gaps++
      this.lost += number - before - 1
    }
    this.last[sender] = number
    this.received++
    return letter
  }
}

// What a check is, and what it may use: this runs on every runtime, so there is no node:test here and no node:assert.

export interface Closable {
  close(): void
}

/** What a check finds around it. */
export interface Ground {
  /** The Node that plays the other side. */
  readonly node: string
  /** How this runtime runs a program: command and arguments. */
  readonly self: readonly string[]
  /** The file of a program beside this module. */
  program(name: string): string
  /** A path in a folder of the check's own, which does not exist yet. */
  path(name: string): string
  /** Closes a socket when the check is over, however it ends. */
  keep<T extends Closable>(closable: T): T
  /** Ends the check as one that cannot be made here, for this reason. */
  skip(reason: string): never
}

export type Check = (ground: Ground) => Promise<void>
export type Checks = Readonly<Record<string, Check>>

/** What came of one check. */
export interface Outcome {
  readonly name: string
  readonly milliseconds?: number
  readonly failure?: string
  readonly skipped?: string
}

class Skipped extends Error {}

const patience = 40_000

/** Plays checks one by one, and tells of each. */
export async function playChecks(
  checks: Checks,
  surroundings: Omit<Ground, "keep" | "skip">,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  for (const [name, check] of Object.entries(checks)) {
    const closables: Closable[] = []
    const begin = performance.now()
    const ground: Ground = {
      ...surroundings,
      keep: (closable) => {
        closables.push(closable)
        return closable
      },
      skip: (reason) => {
        throw new Skipped(reason)
      },
    }
    try {
      await within(check(ground), "the check to end")
      tell({ name, milliseconds: Math.round(performance.now() - begin) })
    } catch (error) {
      if (error instanceof Skipped) tell({ name, skipped: error.message })
      else tell({ name, failure: error instanceof Error ? `${error.stack ?? error.message}` : String(error) })
    } finally {
      for (const closable of closables) closable.close()
    }
  }
}

/** The promise's result, or an error that says what did not happen in time. */
export async function within<T>(promise: Promise<T>, what: string, milliseconds = patience): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Throws unless both are the same, as JSON shows them. */
export function same(actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${shortened(found)} instead of ${shortened(wanted)}`)
}

/** The code that something is refused with, at the call or later. */
export async function refusal(action: () => unknown): Promise<string> {
  try {
    await action()
  } catch (error) {
    const { code, name } = error as { code?: unknown; name: string }
    return typeof code === "string" ? code : name
  }
  return "no error"
}

export function texts(message: readonly { toString(): string }[]): string[] {
  return message.map(String)
}

/** Bytes that differ from place to place. */
export function body(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8)) & 255
  return bytes
}

/** Throws unless all bytes are the same. */
export function sameBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  same(actual?.length, expected.length)
  for (let at = 0; at < expected.length; at++) {
    if (actual?.[at] !== expected[at]) throw new Error(`Byte ${at} is ${actual?.[at]}, not ${expected[at]}`)
  }
}

function shortened(text: string | undefined): string {
  return text === undefined || text.length < 300 ? String(text) : `${text.slice(0, 300)}…`
}

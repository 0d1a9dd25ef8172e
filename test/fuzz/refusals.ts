import { LimitError, ProtocolError, ZmqError } from "#src/errors.js"

/** What `action` makes; undefined where it throws a ZmqError of one of the codes. Any other error passes through. */
export function unlessRefused<Result>(action: () => Result, ...codes: readonly string[]): Result | undefined {
  try {
    return action()
  } catch (error) {
    if (error instanceof ZmqError && codes.includes(error.code)) return undefined
    throw error
  }
}

/** Whether `action` ends in a ProtocolError or a LimitError; any other error passes through. */
export function isRefused(action: () => void): boolean {
  try {
    action()
    return false
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof LimitError) return true
    throw error
  }
}

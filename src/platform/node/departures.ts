import { Queue } from "../../queue.js"

/** To start a connection takes the system longest. Between so many the loop gets to those that are under way. */
const DIALS_A_TURN = 1024

const waiting: Queue<() => void> = new Queue()
let left = DIALS_A_TURN
let counting = false

/**
 * Dials at once, but for a crowd: that leaves turn by turn, so that the other side does not have to accept all of it
 * before it hears from the first. `dial` returns what gives it up; the result does that, or lets it not begin.
 */
export function dialInTurn(dial: () => () => void): () => void {
  let cancel: () => void = () => {}
  let cancelled = false
  leaveInTurn(() => {
    if (!cancelled) cancel = dial()
  })
  return () => {
    cancelled = true
    cancel()
  }
}

function leaveInTurn(begin: () => void): void {
  if (left > 0 && waiting.length === 0) {
    left--
    begin()
  } else waiting.push(begin)
  if (counting) return
  counting = true
  setImmediate(dialOn)
}

function dialOn(): void {
  left = DIALS_A_TURN
  counting = waiting.length > 0
  if (counting) setImmediate(dialOn)
  for (; left > 0 && waiting.length > 0; left--) (waiting.shift() as () => void)()
}

import type { OptionValues } from "./options.js"

/** What a timer takes, of the runtime as of libzmq. */
const LONGEST = 0x7fff_ffff

/**
 * Milliseconds before the next attempt. Without a maximum each pause is between one and two intervals, at random, so
 * that the clients of a server that restarts do not all come at once; with one it doubles up to it. `previous` is the
 * pause before the last attempt, 0 before the first.
 */
export function nextPause(
  {
    reconnectInterval,
    reconnectMaxInterval,
  }: Pick<OptionValues, "reconnectInterval" | "reconnectMaxInterval">,
  previous: number,
  random: () => number,
): number {
  if (reconnectMaxInterval > 0) {
    return Math.min(previous === 0 ? reconnectInterval : previous * 2, reconnectMaxInterval)
  }
  return Math.min(reconnectInterval + Math.floor(random() * reconnectInterval), LONGEST)
}

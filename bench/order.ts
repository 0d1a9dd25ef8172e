/** Turns the order about every round and rotates it every other one, so that neighbours change. */
export function orderOfRound<T>(items: readonly T[], round: number): T[] {
  const turn = (round >> 1) % items.length
  const rotated = [...items.slice(turn), ...items.slice(0, turn)]
  return round % 2 === 0 ? rotated : rotated.reverse()
}

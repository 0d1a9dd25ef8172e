/** So many addresses are remembered; then it begins anew. */
const MOST = 1024

/** How to greet at one address, and what came of it. */
export interface GreetedPlace {
  /** Who was there last spoke ZMTP 3, so the greeting may go out whole: that saves a round trip. */
  readonly whole: boolean
  /** Whether who is there spoke ZMTP 3 to the end of the handshake. */
  learn(modern: boolean): void
}

/** The addresses where somebody spoke ZMTP 3 when we came last. */
export class GreetedPlaces {
  private readonly modern: Set<string> = new Set()

  at(address: string): GreetedPlace {
    const { modern } = this
    return {
      whole: modern.has(address),
      learn: (isModern) => {
        if (!isModern) modern.delete(address)
        else if (!modern.has(address)) {
          if (modern.size >= MOST) modern.clear()
          modern.add(address)
        }
      },
    }
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles only when the types `A` and `B` are the same: not when one is `any`, nor when one is merely wider. */
export function same<A, B>(
  ..._verdict: Equal<A, B> extends true ? [] : [never, "these differ", A, B]
): void {}

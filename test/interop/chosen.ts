/** So many names are told. */
const TOLD = 40

/**
 * Those whose name has `part` in it. Throws where there is none: who mistyped it would think that all was well, when
 * nothing was looked at.
 */
export function chosen<Named>(
  all: readonly Named[],
  nameOf: (one: Named) => string,
  part: string,
): readonly Named[] {
  const some = all.filter((one) => nameOf(one).includes(part))
  if (some.length > 0) return some
  throw new Error(
    `"${part}" is part of no name; these are some: ${all.slice(0, TOLD).map(nameOf).join(", ")}`,
  )
}

/** Tells whoever started this meter what it has measured. */
export function printResult(figures: Readonly<Record<string, number>>): void {
  console.log(`result ${JSON.stringify(figures)}`)
}

/** A meter whose starter has died ends by itself. */
const DEADLINE = 60_000

/** Reads a meter's words: an address, then numbers by these names. */
export function readArguments<Name extends string>(
  ...names: readonly Name[]
): { readonly address: string } & Readonly<Record<Name, number>> {
  setTimeout(() => process.exit(1), DEADLINE).unref()
  const [address = "", ...words] = process.argv.slice(2)
  const numbers = Object.fromEntries(names.map((name, at) => [name, Number(words[at])]))
  if (words.length !== names.length || Object.values(numbers).some(Number.isNaN)) {
    console.error(`usage: <address> ${names.map((name) => `<${name}>`).join(" ")}`)
    process.exit(1)
  }
  return { address, ...(numbers as Record<Name, number>) }
}

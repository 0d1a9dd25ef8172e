// What Jazzer.js calls with each of its inputs: the target that the environment names.
import { ByteChance } from "../byte-chance.js"
import { targets } from "../targets.js"

const name = process.env.PUREMQ_FUZZ_TARGET ?? ""
const target = targets.get(name)
if (target === undefined) throw new Error(`There is no target ${name}.`)

export function fuzz(bytes: Buffer): Promise<void> | undefined {
  const outcome = target?.(new ByteChance(bytes))
  // A promise where there is nothing to wait for would cost more than most attacks.
  if (outcome instanceof Promise) return outcome.then(() => {})
  return undefined
}

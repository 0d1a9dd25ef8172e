import { parseArgs } from "node:util"
import type { Experiment } from "./experiment.js"

interface Options {
  readonly rounds: number
  readonly chosen: readonly Experiment[]
}

export function readOptions(experiments: readonly Experiment[], usualRounds: string): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: usualRounds },
      only: { type: "string", default: "" },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error("--rounds is 1 or more")

  const part = values.only.toLowerCase()
  const chosen = experiments.filter(({ title }) => title.toLowerCase().includes(part))
  if (chosen.length === 0) {
    const titles = experiments.map(({ title }) => title)
    throw new Error(`--only=${values.only} is part of none of: ${titles.join(", ")}`)
  }
  return { rounds, chosen }
}

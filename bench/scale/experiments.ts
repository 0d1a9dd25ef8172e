import { connectionExperiments } from "./connections.js"
import type { Experiment } from "./experiment.js"
import { fairnessExperiments } from "./fairness.js"
import { growths } from "./growth.js"
import { importExperiment } from "./import.js"
import { memoryExperiments } from "./memory.js"

export const experiments: readonly Experiment[] = [
  ...memoryExperiments,
  ...connectionExperiments,
  ...growths,
  ...fairnessExperiments,
  importExperiment,
]

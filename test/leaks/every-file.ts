// Loaded into every process by the runner (scripts/test.mjs): has each test file end with nothing open.
import { isMainThread } from "node:worker_threads"
import { watch } from "./watch.js"

/** Files that end with something open, and why they may. */
const excused: Readonly<Record<string, string>> = {
  "simulation/simulation.test.js": "hosts of its world crash, with operations that nobody will settle",
}

const file = process.argv[1] ?? ""
const excuse = Object.entries(excused).find(([name]) => file.endsWith(name))
if (isMainThread && file.endsWith(".test.js") && excuse === undefined) watch()

import { Worker } from "node:worker_threads"

/** No input takes more than milliseconds; a machine may be busy. */
const PATIENCE = 120_000

const program = `
const { workerData: { beats, patience } } = require("node:worker_threads")
for (let seen = -1; ; ) {
  const now = Atomics.load(beats, 0)
  if (now === seen) {
    require("node:fs").writeSync(2, "fuzz: an input does not end: run its seed and part once more up to here\\n")
    process.kill(process.pid, "SIGKILL")
  }
  seen = now
  Atomics.wait(beats, 1, 0, patience)
}`

/** Ends the process when the function that it returns was not called for two minutes: an input hangs. */
export function watch(): () => void {
  const beats = new Int32Array(new SharedArrayBuffer(8))
  new Worker(program, { eval: true, workerData: { beats, patience: PATIENCE } }).unref()
  return () => void Atomics.add(beats, 0, 1)
}

// Whether threads that end, however they do, leave anything behind.
//
//   npm run test:threads -- [--workers 1000]
import { parseArgs } from "node:util"
import { churn } from "./churn.js"

const { values } = parseArgs({ options: { workers: { type: "string", default: "1000" } } })
const workers = Number(values.workers)
/** A ring that were kept for each would be many times as much. */
const ALLOWED_GROWTH = 64 << 20

const { received, left, grown } = await churn(workers)
const ok = left === 0 && grown <= ALLOWED_GROWTH && received > 0
console.log(`${workers} workers came and went: ${received} messages were received, ${left} peers are left,`)
console.log(`and the process has grown by ${grown} bytes: ${ok ? "ok" : "FAILED"}`)
process.exitCode = ok ? 0 : 1

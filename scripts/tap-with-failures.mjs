// TAP as Node prints it, with what failed once more at its end: a log of thousands of lines may reach its reader cut.
import { tap } from "node:test/reporters"
import { inspect } from "node:util"

/** What ends a run, outside of every subtest: the plan. */
const PLAN = /^1\.\.\d+$/m

/** @param {AsyncIterable<{ type: string, data: any }>} source The runner's events. */
export default async function* tapWithFailures(source) {
  const failures = []
  async function* watched() {
    for await (const event of source) {
      // A suite whose subtests failed has failed of them alone.
      if (event.type === "test:fail" && event.data.details.error?.failureType !== "subtestsFailed") {
        failures.push(event.data)
      }
      yield event
    }
  }
  for await (const text of tap(watched())) {
    if (PLAN.test(text)) {
      yield* failures.map(told)
    }
    yield text
  }
}

/** One failure as comments of TAP, which count for nothing. */
function told({ name, file, line, details }) {
  const cause = details.error?.cause ?? details.error
  const text = `failed: ${name}\n${file}:${line}\n${cause instanceof Error ? cause.stack : inspect(cause)}`
  return `${text.replace(/^/gm, "# ")}\n`
}

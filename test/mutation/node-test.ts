// Stands in for node:test where mutants are run: it collects the tests of a file, which the worker then calls one by
// one, in its own process. It has what in-memory tests use of it and no more: what is missing fails to import.
import { mock, type TestContext } from "node:test"

type Body = (context: TestContext) => unknown

export interface CollectedTest {
  readonly name: string
  readonly body: Body
}

let collected: CollectedTest[] = []
let endings: (() => unknown)[] = []

export function test(name: string, optionsOrBody: unknown, body?: Body): void {
  collected.push({ name, body: body ?? (optionsOrBody as Body) })
}

export function afterEach(ending: () => unknown): void {
  endings.push(ending)
}

/** What was collected since the last call. */
export function takeTests(): CollectedTest[] {
  const tests = collected.map(({ name, body }) => ({ name, body: ending(body, endings) }))
  collected = []
  endings = []
  return tests
}

function ending(body: Body, endings: readonly (() => unknown)[]): Body {
  return async (context) => {
    const own: (() => unknown)[] = []
    const after = (ending: () => unknown): void => {
      own.push(ending)
    }
    try {
      await body(Object.assign(context, { after, mock }))
    } finally {
      mock.restoreAll()
      for (const ending of [...own, ...endings]) await ending()
    }
  }
}

/** What a worker is to do: the mutants of one module, with the test files that may kill them. */
export interface Task {
  readonly module: string
  /** The module's text, with all mutants in it. */
  readonly source: string
  readonly files: readonly string[]
  readonly mutants: readonly string[]
  /** What an earlier worker has found out. */
  readonly coverage?: Coverage | undefined
}

export interface Coverage {
  /** Milliseconds by tests. */
  readonly times: Readonly<Record<string, number>>
  /** How often the mutants are come by when the modules are loaded, and in each test. */
  readonly atLoad: Readonly<Record<string, number>>
  readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export type Answer =
  | { readonly kind: "coverage"; readonly coverage: Coverage }
  /** A file of tests comes next for the mutant; in so many milliseconds there is another answer, or it hangs. */
  | { readonly kind: "next"; readonly mutant: string; readonly limit: number }
  | {
      readonly kind: "result"
      readonly mutant: string
      readonly status: Status
      readonly by?: string | undefined
    }
  | { readonly kind: "done" }

/** `timeout` counts as killed; `uncovered`, which no test comes by, as survived. */
export type Status = "killed" | "timeout" | "survived" | "uncovered"

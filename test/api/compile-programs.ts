// The programs for zeromq.js and a compiler that is told what to make of them.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fromRoot } from "../interop/package-root.js"

/** What the compiler complains of in the programs when "puremq" is what `declarations` say. */
export function compile(declarations: string, draftDeclarations: string, compilerOptions: object): string {
  const folder = mkdtempSync(join(tmpdir(), "puremq-types-"))
  try {
    const project = join(folder, "tsconfig.json")
    const settings = {
      extends: fromRoot("tsconfig.base.json"),
      compilerOptions: {
        noEmit: true,
        composite: false,
        isolatedDeclarations: false,
        typeRoots: [fromRoot("node_modules/@types")],
        paths: { puremq: [fromRoot(declarations)], "puremq/draft": [fromRoot(draftDeclarations)] },
        ...compilerOptions,
      },
      files: [fromRoot("test/api/zeromq-program.ts"), fromRoot("test/api/draft-program.ts")],
    }
    writeFileSync(project, JSON.stringify(settings))
    const compiler = fromRoot("node_modules/typescript/bin/tsc")
    const { stdout, status, error } = spawnSync(process.execPath, [compiler, "-p", project], {
      encoding: "utf8",
    })
    assert.equal(error, undefined)
    assert.equal(status === 0, stdout === "", `the compiler ended with ${status} and said: ${stdout}`)
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// A copy of the compiled library that faults are put into, one at a time.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Fault } from "./faults.js"

export class LibraryCopy implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "puremq-mutants-"))

  /** Takes `parts` along, files and folders from the package's root, for programs to run in the copy. */
  constructor(parts: readonly string[]) {
    const root = process.cwd()
    for (const part of ["dist", ...parts])
      cpSync(join(root, part), join(this.folder, part), { recursive: true })
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    // What is run in the copy is to import the modules, not what was bundled of them.
    manifest.exports["."] = "./dist/index.js"
    writeFileSync(join(this.folder, "package.json"), JSON.stringify(manifest))
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"))
  }

  /** Does something with one fault in the library. */
  with<T>({ name, module, from, to }: Fault, act: () => T): T {
    const file = join(this.folder, "dist", module)
    const whole = readFileSync(file, "utf8")
    if (whole.split(from).length !== 2) throw new Error(`${name}: ${module} has changed`)
    writeFileSync(
      file,
      whole.replace(from, () => to),
    )
    try {
      return act()
    } finally {
      writeFileSync(file, whole)
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true })
  }
}

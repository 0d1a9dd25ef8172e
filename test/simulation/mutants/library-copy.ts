// A copy of the compiled library that faults are put into, one at a time.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Fault } from "./faults.js"

/** How often the text that a fault replaces stands in its module, of those in `folder`; once, if it can be planted. */
export function placesOf({ module, from }: Fault, folder: string): number {
  return readFileSync(join(folder, module), "utf8").split(from).length - 1
}

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
  with<T>(fault: Fault, act: () => T): T {
    const { name, module, from, to } = fault
    const dist = join(this.folder, "dist")
    if (placesOf(fault, dist) !== 1) throw new Error(`${name}: ${module} has changed`)
    const file = join(dist, module)
    const whole = readFileSync(file, "utf8")
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

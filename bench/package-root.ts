import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** The folder of this package: compiled files sit in build/, the other languages' sources beside ours. */
export const packageRoot: string = findPackageRoot(import.meta.dirname)

function findPackageRoot(folder: string): string {
  if (packageName(folder) === "puremq") return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error(`No package.json of puremq at or above ${import.meta.dirname}`)
  return findPackageRoot(parent)
}

function packageName(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name
  } catch {
    return undefined
  }
}

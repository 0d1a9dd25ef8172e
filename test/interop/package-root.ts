// Tests and benchmarks run from build/, while what the compiler does not copy (scripts of other languages) stays in place.
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

function isPackage(folder: URL): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"))
    return (
      typeof manifest === "object" && manifest !== null && "name" in manifest && manifest.name === "puremq"
    )
  } catch {
    return false
  }
}

function findRoot(): URL {
  let folder = new URL(".", import.meta.url)
  while (!isPackage(folder)) {
    const parent = new URL("..", folder)
    if (parent.href === folder.href) throw new Error("package.json of puremq was not found")
    folder = parent
  }
  return folder
}

const root = findRoot()

/** The absolute path of a file, given by its path from the package's root. */
export function fromRoot(path: string): string {
  return fileURLToPath(new URL(path, root))
}

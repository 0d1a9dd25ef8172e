import { readdirSync } from "node:fs"
import { fromRoot } from "../interop/package-root.js"

/** The paths of all files under a folder of the package, with slashes. */
export function listed(folder: string): string[] {
  return readdirSync(fromRoot(folder), { recursive: true, encoding: "utf8" }).map(
    (file) => `${folder}/${file.replaceAll("\\", "/")}`,
  )
}

/** The pages that readers see: README and its like, and those of docs/, without what makes the API reference. */
export const pages: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...listed("docs")
    .filter((file) => file.endsWith(".md") && !/^docs\/(api|node_modules)\//.test(file))
    .sort(),
]

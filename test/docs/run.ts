// Runs modules one after the other, and says where each begins and ends: node run.js path...
import { pathToFileURL } from "node:url"

for (const path of process.argv.slice(2)) {
  console.log(`@begin ${path}`)
  await import(pathToFileURL(path).href)
  console.log(`@end ${path}`)
}
// What a module left open is its own affair; the next ones have run beside it.
process.exit()

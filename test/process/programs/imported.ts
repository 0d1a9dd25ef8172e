// The whole program is an import. Says which native modules that brought.
import "puremq"
import { say } from "./play.js"

const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] }
for (const file of sharedObjects) if (file.endsWith(".node")) say(file)

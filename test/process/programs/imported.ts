// The whole program is an import. Says which native modules that brought, and what of Node that can wait.
import "puremq"
import { say } from "./play.js"

const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] }
for (const file of sharedObjects) if (file.endsWith(".node")) say(file)

const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] }
for (const name of moduleLoadList) if (name === "NativeModule dgram") say(name)

import { readFileSync } from "node:fs"
import { styleText } from "node:util"
import { Command } from "commander"
import { registerBench } from "./commands/bench.js"
import { registerCompletion } from "./commands/completion.js"
import { registerDuplex } from "./commands/duplex.js"
import { registerKeygen } from "./commands/keygen.js"
import { registerMonitor } from "./commands/monitor.js"
import { registerPing } from "./commands/ping.js"
import { registerProxy } from "./commands/proxy.js"
import { registerReceivers } from "./commands/receive.js"
import { registerReply } from "./commands/reply.js"
import { registerRequest } from "./commands/request.js"
import { registerSenders } from "./commands/send.js"
import { registerStream } from "./commands/stream.js"
import { registerTop } from "./commands/top.js"
import { hasColors, paint } from "./terminal.js"

/** The command line as a whole. */
export function createProgram(): Command {
  const program = new Command("puremq")
    .description("ZeroMQ from the command line: lines in, messages out, and back.")
    .version(version(), "-V, --version")
    .configureHelp({ styleTitle: (text) => styleText("bold", text) })
    .configureOutput({
      getErrHasColors: () => hasColors(process.stderr),
      getOutHasColors: () => hasColors(process.stdout),
      outputError: (text, write) => write(text.replace(/^error:/, paint(process.stderr, "red", "puremq:"))),
    })
    .showHelpAfterError("(--help tells more)")
    .exitOverride()
  registerSenders(program)
  registerReceivers(program)
  registerRequest(program)
  registerReply(program)
  registerDuplex(program)
  registerStream(program)
  registerProxy(program)
  registerPing(program)
  registerMonitor(program)
  registerTop(program)
  registerBench(program)
  registerKeygen(program)
  registerCompletion(program)
  return program
}

/** The package's version: this module is in a folder of its root. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  return (manifest as { version: string }).version
}

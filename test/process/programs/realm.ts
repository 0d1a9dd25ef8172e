// A realm that has what browsers have and nothing of Node's, for the modules that browsers get. Node's flag
// --experimental-vm-modules has to be on.
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import vm from "node:vm"
import { Reply } from "puremq"
import { WebSocket } from "ws"
import { loadZeromq } from "../../suites/library.js"

const [bundle = "", draft = "", page = ""] = process.argv.slice(2)
const zeromq = loadZeromq()

/** Answers questions with what libzmq or we say of them. */
async function serve(reply: Pick<Reply, "bind" | "lastEndpoint" | "receive" | "send">): Promise<string> {
  await reply.bind("ws://127.0.0.1:*")
  void (async () => {
    for (;;) await reply.send(String((await reply.receive())[0]?.length))
  })()
  return reply.lastEndpoint as string
}

const servers = [await serve(new Reply())]
if (typeof zeromq !== "string") servers.push(await serve(new zeromq.zmq.Reply()))

const shared = { AbortController, AbortSignal, DOMException, Event, EventTarget, MessageChannel, TextDecoder }
const others = { TextEncoder, URL, WebSocket, clearTimeout, console, performance, queueMicrotask, setTimeout }
const say = (line: string): void => console.log(line)
const context = vm.createContext({ ...shared, ...others, servers, say })

const modules = new Map<string, vm.SourceTextModule>()

/** The module of a file. */
function moduleOf(file: string): vm.SourceTextModule {
  let module = modules.get(file)
  if (module === undefined) {
    module = new vm.SourceTextModule(readFileSync(file, "utf8"), { context, identifier: file })
    modules.set(file, module)
  }
  return module
}

const library = moduleOf(bundle)
const program = moduleOf(page)
await program.link((specifier, { identifier }) => {
  if (specifier === "puremq" && identifier === page) return library
  if (specifier === "puremq/draft" && identifier === page) return moduleOf(draft)
  if (specifier.startsWith("./")) return moduleOf(join(dirname(identifier), specifier))
  throw new Error(`${identifier} imports ${specifier}.`)
})
await program.evaluate()
// Channels and servers are still open.
process.exit()

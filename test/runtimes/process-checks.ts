// Processes and threads: other programs to talk to, and this runtime's own end.
import { Worker } from "node:worker_threads"
import { attachPort, Dealer, Pair, Pull, Push, Reply, Request, Router } from "puremq"
import { type Program, start } from "../interop/process.js"
import { body, type Check, type Checks, type Ground, same, sameBytes, texts } from "./check.js"

const quick = { linger: 0 }

function launch({ keep }: Ground, [command = "", ...args]: readonly string[]): Program {
  const program = start(command, ...args)
  keep({ close: () => void program.kill() })
  return program
}

/** A program that serves with one library on Node, in both roles. */
function interop(library: "puremq" | "zeromq"): Check {
  return async (ground) => {
    const schemes = ["tcp", "ipc", "ws"]
    const echo = launch(ground, [ground.node, ground.program("echo.js"), library, ...schemes])
    const missing = /^missing (.+)$/
    for (const scheme of schemes) {
      const [line = "", endpoint = ""] = await echo.line(new RegExp(`^(?:missing .+|bound (${scheme}:.+))$`))
      const reason = missing.exec(line)
      if (reason !== null) ground.skip(reason[1] as string)
      const request = ground.keep(new Request(quick))
      request.connect(endpoint)
      for (const bytes of [new Uint8Array(0), body(300), body(3_000_000)]) {
        await request.send(["question", bytes])
        const [text, answer] = await request.receive()
        same(text?.toString(), "question")
        sameBytes(answer, bytes)
      }
    }
    // The other way round: this runtime listens.
    for (const scheme of schemes) {
      const reply = ground.keep(new Reply(quick))
      await reply.bind(scheme === "ipc" ? "ipc://*" : `${scheme}://127.0.0.1:*`)
      const asker = launch(ground, [
        ground.node,
        ground.program("ask.js"),
        library,
        reply.lastEndpoint as string,
      ])
      for (let left = 3; left > 0; left--) await reply.send(await reply.receive())
      await asker.success()
    }
  }
}

const idleEnd: Check = async (ground) => {
  const program = launch(ground, [...ground.self, ground.program("scene.js"), "idle"])
  await program.success()
  same(program.lines, ["open"])
}

const flushedEnd: Check = async (ground) => {
  for (const address of ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"]) {
    const pull = ground.keep(new Pull(quick))
    await pull.bind(address)
    const program = launch(ground, [
      ...ground.self,
      ground.program("scene.js"),
      "flush",
      pull.lastEndpoint as string,
    ])
    for (let number = 0; number < 500; number++) same(String((await pull.receive())[0]), String(number))
    await program.success()
  }
}

const servedEnd: Check = async (ground) => {
  for (const scheme of ["tcp", "ws"]) {
    const router = ground.keep(new Router(quick))
    await router.bind(`${scheme}://127.0.0.1:*`)
    const endpoint = router.lastEndpoint as string
    const program = launch(ground, [...ground.self, ground.program("scene.js"), "answered", endpoint])
    const [id = ""] = await router.receive()
    await router.send([id, "welcome"])
    await program.success()
    same(program.lines, ["received welcome"])
  }
}

const required: Check = async (ground) => {
  const program = launch(ground, [...ground.self, ground.program("required.cjs")])
  await program.success()
  same(program.lines, ["received by require"])
}

const threads: Check = async ({ keep, program }) => {
  const worker = new Worker(program("thread.js"))
  const failed = new Promise<never>((_, reject) => worker.on("error", reject))
  keep({ close: () => void worker.terminate() })
  const { port1, port2 } = new MessageChannel()
  keep(attachPort(port1))
  worker.postMessage(port2, [port2 as never])
  const pair = keep(new Pair(quick))
  pair.connect("inproc://thread")
  const bytes = body(1_000_000)
  await pair.send(["to the worker", bytes])
  const [text, answer] = await Promise.race([pair.receive(), failed])
  same(text?.toString(), "to the worker, and back")
  sameBytes(answer, bytes)
  // Over tcp between threads, too.
  const dealer = keep(new Dealer(quick))
  const endpoint = texts(await pair.receive())[0] as string
  dealer.connect(endpoint)
  await dealer.send("by tcp")
  same(texts(await dealer.receive()), ["by tcp"])
}

const killed: Check = async (ground) => {
  const push = ground.keep(new Push({ ...quick, reconnectInterval: 10, immediate: true }))
  const program = launch(ground, [...ground.self, ground.program("scene.js"), "serve"])
  const [, endpoint = ""] = await program.line(/^bound (.+)$/)
  const gone = new Promise<void>((resolve) => push.events.on("disconnect", () => resolve()))
  push.connect(endpoint)
  await push.send("hello")
  await program.line(/^received hello$/)
  await program.kill()
  await gone
}

export const processChecks: Checks = {
  "the process ends with idle sockets open": idleEnd,
  "the process ends with live connections open": servedEnd,
  "accepted messages are sent before the process ends": flushedEnd,
  "a killed process is missed": killed,
  "require from CommonJS": required,
  "worker threads over inproc": threads,
  "with puremq on Node 20, both ways": interop("puremq"),
  "with npm zeromq (libzmq), both ways": interop("zeromq"),
}

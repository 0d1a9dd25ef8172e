// What pyzmq has beside its sockets, against what stands for it here; and that its page leaves out no name.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { describe, test } from "node:test"
import * as zmq from "puremq"
import * as draft from "puremq/draft"
import { fromRoot } from "./package-root.js"
import { findPython, unlessMissing } from "./peer.js"
import { type Program, start } from "./process.js"

const found = findPython()

function python(...args: string[]): Program {
  assert.ok(typeof found !== "string")
  return start(found.command, "-u", fromRoot("test/interop/pyzmq_side.py"), ...args)
}

async function bound(socket: zmq.Socket): Promise<string> {
  return `tcp://127.0.0.1:${await socket.bindToRandomPort("tcp://127.0.0.1")}`
}

const page = readFileSync(fromRoot("docs/migrating-from-pyzmq.md"), "utf8")

/** What is in code within lines. */
function codeOf(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code)
}

const texts = (message: readonly unknown[]): string[] => message.map(String)

describe(
  "what pyzmq has beside sockets",
  unlessMissing(typeof found === "string" ? found : undefined),
  () => {
    test("a Subscriber hears its PUBHandler, by level and by subtopic", async () => {
      using subscriber = new zmq.Subscriber({ receiveTimeout: 20_000 })
      subscriber.subscribe("shop.INFO")
      await using program = python("log", await bound(subscriber))
      assert.deepEqual(texts(await subscriber.receive()), ["shop.INFO", "open\n"])
      assert.deepEqual(texts(await subscriber.receive()), ["shop.INFO.till", "pàper is in\n"])
      await program.success()
    })

    test("its SUB hears a LogPublisher, by level and by subtopic", async () => {
      using publisher = new zmq.XPublisher({ receiveTimeout: 20_000 })
      await using program = python("listen", await bound(publisher))
      assert.deepEqual(texts(await publisher.receive()), ["\x01shop.ERROR.till"])
      const log = new zmq.LogPublisher(publisher, { name: "shop" })
      assert.ok(log.info("open"))
      assert.ok(log.error("on fire"))
      assert.ok(log.child("till").error("out of pàper"))
      await program.success()
      assert.deepEqual(program.lines, ["shop.ERROR.till: out of pàper"])
    })

    test("its log watcher, python -m zmq.log, shows what a LogPublisher tells", async () => {
      assert.ok(typeof found !== "string")
      using publisher = new zmq.XPublisher({ receiveTimeout: 20_000 })
      const address = await bound(publisher)
      await using watcher = start(found.command, "-u", "-m", "zmq.log", "-t", "shop", address)
      assert.deepEqual(texts(await publisher.receive()), ["\x01shop"])
      const log = new zmq.LogPublisher(publisher, { name: "shop" })
      log.info("open")
      log.child("till").error("out of paper")
      await watcher.line(/^shop\.INFO \| open$/)
      await watcher.line(/^shop\.ERROR\.till \| out of paper$/)
    })

    test("sendJson and its recv_json, its send_json and receiveJson", async () => {
      using client = new zmq.Request({ receiveTimeout: 20_000 })
      await using program = python("json", await bound(client))
      for (const value of [{ wörd: ["Hello", 1.5, null, true] }, "text", 2 ** 40]) {
        await client.sendJson(value)
        assert.deepEqual(await client.receiveJson(), value)
      }
      await program.success()
      assert.deepEqual(program.lines, ["{'wörd': ['Hello', 1.5, None, True]}", "'text'", "1099511627776"])
    })

    test("a Request and a Reply through its monitored queue, whose monitor a Subscriber watches", async () => {
      await using program = python("monitored")
      const [, front, back, monitor] = await program.line(/^Ports (\d+) (\d+) (\d+)$/)
      using watcher = new zmq.Subscriber({ receiveTimeout: 20_000 })
      watcher.subscribe("in", "out")
      watcher.connect(`tcp://127.0.0.1:${monitor}`)
      using client = new zmq.Request({ receiveTimeout: 20_000 })
      client.connect(`tcp://127.0.0.1:${front}`)
      using worker = new zmq.Reply()
      worker.connect(`tcp://127.0.0.1:${back}`)
      // The monitor is a PUB: what passes before it knows of the subscription is not told.
      void (async () => {
        for await (const [question] of worker) await worker.send(`World from ${question}`)
      })()
      const seen: string[] = []
      const watching = (async () => {
        while (!(seen.includes("in Hello") && seen.includes("out World from Hello"))) {
          const message = await watcher.receive()
          seen.push(`${message[0]} ${message.at(-1)}`)
        }
      })()
      let over = false
      const watched = watching.finally(() => {
        over = true
      })
      while (!over) {
        await client.send("Hello")
        assert.equal(await client.receiveString(), "World from Hello")
      }
      await watched
    })

    test("its clients of asyncio through our queue, with a capture socket", async () => {
      const capture = new zmq.Push()
      using captured = new zmq.Pull({ receiveTimeout: 20_000 })
      capture.connect(await bound(captured))
      const device = zmq.queue({ capture })
      const address = await bound(device.frontEnd)
      using worker = new zmq.Reply({ receiveTimeout: 20_000 })
      worker.connect(await bound(device.backEnd))
      const running = device.run()
      await using program = python("concurrent", address)
      for (let i = 0; i < 2; i++) await worker.send(`World from ${await worker.receiveString()}`)
      await program.success()
      assert.deepEqual(program.lines, ["World from Hello anna", "World from Hello ben"])
      const passed: string[] = []
      for (let i = 0; i < 4; i++) passed.push(String((await captured.receive()).at(-1)))
      assert.deepEqual(passed.sort(), [
        "Hello anna",
        "Hello ben",
        "World from Hello anna",
        "World from Hello ben",
      ])
      device.terminate()
      await running
      capture.close()
    })

    test("what it sends without a copy, tracked", async () => {
      using pull = new zmq.Pull({ receiveTimeout: 20_000 })
      await using program = python("tracked", await bound(pull))
      const [frame] = await pull.receive()
      assert.deepEqual(frame, Buffer.alloc(1_000_000, "x"))
      assert.deepEqual(texts(await pull.receive()), ["more", "frames"])
      await program.success()
      assert.deepEqual(program.lines, ["Done True"])
    })

    test("each name that it has is in the page for those who come from it", async () => {
      await using program = python("names")
      await program.success()
      const lines = program.lines.map((line) => line.split(" "))
      const names = lines.filter(([what]) => what === "Name")
      assert.ok(names.length > 100)
      const code = codeOf(page).join("\n")
      const left = names.filter(([, , name]) => !new RegExp(`\\b${name}\\b`).test(code))
      assert.deepEqual(left, [])

      const options = lines.flatMap(([what, name = ""]) => (what === "Option" ? [name] : []))
      assert.ok(options.length > 80)
      const table = readFileSync(fromRoot("docs/options.md"), "utf8")
      const without = options.filter(
        (name) =>
          !new RegExp(`\\bZMQ_${name}\\b`).test(table) && !new RegExp(`\\bzmq\\.${name}\\b`).test(code),
      )
      assert.deepEqual(without, [])
    })
  },
)

test("what stands beside the names of pyzmq is there", () => {
  const classes = Object.values<unknown>({ ...zmq, ...draft }).filter((value) => typeof value === "function")
  const has = (name: string): boolean =>
    classes.some(({ prototype }) => prototype !== undefined && name in prototype)
  const rows = page.split("\n").filter((line) => line.startsWith("| "))
  const ours = rows.flatMap((row) => codeOf(row.split(/(?<!\\)\|/)[2] ?? ""))
  const types = ["Polled", "Socket"]
  const isZmq = (name: string): boolean => name in zmq || types.includes(name)
  const isMember = (name: string): boolean => has(name) || name in zmq.context

  const named = ours.flatMap((code) =>
    Array.from(
      code.matchAll(/\b(zmq|socket|context|device|authenticator|log|dish)\.(\w+)/g),
      ([, holder, name = ""]) => ({
        code,
        right: holder === "zmq" ? isZmq(name) : isMember(name),
      }),
    ),
  )
  // Words by themselves are classes, methods, properties and options, or JavaScript's own.
  const others = ["Worker", "await", "code", "userId", "format", "name", "control", "capture", "frame"]
  const words = ours
    .filter((code) => /^[a-z]\w+$/i.test(code) && /[a-z]/.test(code))
    .map((code) => ({
      code,
      right: isZmq(code) || isMember(code) || code in globalThis || others.includes(code),
    }))
  assert.ok(named.length > 60 && words.length > 30)
  const wrong = [...named, ...words].filter(({ right }) => !right)
  assert.deepEqual(wrong, [])
})

// The forms of an address, what `lastEndpoint` makes of them, and that a peer is reached there.
import assert from "node:assert/strict"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Socket } from "node:net"
import { networkInterfaces, tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { within } from "./deadline.js"
import { webSocketAddressScenarios } from "./lifecycle-addresses-ws.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { take, takesNothing } from "./talk.js"

const quick = { reconnectInterval: 10 }

export function addressScenarios(setting: Setting): void {
  if (setting.transport === "tcp") tcpScenarios(setting)
  else if (setting.transport === "ipc") ipcScenarios(setting)
  else if (setting.transport === "ws") webSocketAddressScenarios(setting)
  else inprocScenarios(setting)

  scenario(setting, "lastEndpoint tells of the last success", async (stage) => {
    const pair = stage.open("Pair")
    assert.equal(pair.lastEndpoint, null)
    const bound = await stage.bind(pair)
    assert.equal(pair.lastEndpoint, bound)
    const connected = await stage.vacant()
    pair.connect(connected)
    assert.equal(pair.lastEndpoint, connected)
    await assert.rejects(pair.bind("nonsense"), { code: "EINVAL" })
    assert.equal(pair.lastEndpoint, connected)
  })
}

/** Asserts that what is sent to `address` arrives at `pull`. */
async function reaches(
  stage: Stage,
  address: string,
  pull: Pull,
  options: { ipv6?: boolean } = {},
): Promise<void> {
  const push = stage.open("Push", { ...quick, ...options })
  push.connect(address)
  await push.send("knock")
  assert.deepEqual(await take(pull, `what was sent to ${address}`), ["knock"])
  push.close()
}

interface Pull {
  receive(): Promise<Buffer[]>
  receiveTimeout: number
}

// ---- tcp

const loopback = networkInterfaces().lo?.some(({ address }) => address === "127.0.0.1") ? ["lo"] : []
const noIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
)
  ? undefined
  : "this machine has no IPv6"

function tcpScenarios(setting: Setting): void {
  for (const host of ["*", "0.0.0.0", "127.0.0.1", "localhost", ...loopback]) {
    for (const port of ["*", "0"]) {
      const form = `tcp://${host}:${port}`
      const expected =
        host === "*" || host === "0.0.0.0" ? /^tcp:\/\/0\.0\.0\.0:(\d+)$/ : /^tcp:\/\/127\.0\.0\.1:(\d+)$/
      const checked = async (
        stage: Stage,
        pull: Pull & { readonly lastEndpoint: string | null },
      ): Promise<void> => {
        const endpoint = pull.lastEndpoint ?? ""
        assert.match(endpoint, expected)
        const [, chosen] = expected.exec(endpoint) ?? []
        assert.ok(Number(chosen) > 0)
        await reaches(stage, `tcp://127.0.0.1:${chosen}`, pull)
        await reaches(stage, `tcp://localhost:${chosen}`, pull)
      }

      scenario(setting, `bind to ${form}`, async (stage) => {
        const pull = stage.open("Pull")
        await pull.bind(form)
        await checked(stage, pull)
        await assert.rejects(pull.unbind(form), { code: "ENOENT", address: form })
        await pull.unbind(pull.lastEndpoint ?? "")
      })

      scenario(setting, `bindSync to ${form}`, async (stage) => {
        const pull = stage.open("Pull")
        pull.bindSync(form)
        await checked(stage, pull)
      })
    }
  }

  scenario(setting, "every wildcard gets a port of its own", async (stage) => {
    const pull = stage.open("Pull")
    const endpoints = new Set<string | null>()
    for (let count = 0; count < 5; count += 1) {
      await pull.bind("tcp://127.0.0.1:*")
      endpoints.add(pull.lastEndpoint)
    }
    assert.equal(endpoints.size, 5)
    for (const endpoint of endpoints) await reaches(stage, endpoint ?? "", pull)
  })

  for (const [source, host, port] of [
    ["127.0.0.2:0", "127.0.0.2", undefined],
    ["127.0.0.2:*", "127.0.0.2", undefined],
    ["127.0.0.3:vacant", "127.0.0.3", "vacant"],
    ...loopback.map((name) => [`${name}:0`, "127.0.0.1", undefined] as const),
  ] as const) {
    if (process.platform !== "linux") break
    scenario(setting, `connecting from ${source}`, async (stage) => {
      const seen = await listenForOne()
      try {
        const chosen = (await stage.vacant()).replace(/.*:/, "")
        stage.open("Push").connect(`tcp://${source.replace("vacant", chosen)};127.0.0.1:${seen.port}`)
        const socket = await within(seen.socket, "the connection")
        assert.equal(socket.remoteAddress, host)
        if (port !== undefined) assert.equal(socket.remotePort, Number(chosen))
      } finally {
        await seen.close()
      }
    })
  }

  scenario(
    setting,
    "an address to come from that does not exist, or a name, may come to be",
    async (stage) => {
      for (const address of ["tcp://nosuch0:0;127.0.0.1:5555", "tcp://a..b:5555"]) {
        const push = stage.open("Push", quick)
        const retry = stage.event(push, "connect:retry")
        push.connect(address)
        await retry
        push.disconnect(address)
      }
    },
  )

  if (noIpv6 !== undefined) {
    test("IPv6", { skip: noIpv6 }, () => {})
    return
  }

  scenario(setting, "without ipv6 nothing listens on an IPv6 address", async (stage) => {
    const pull = stage.open("Pull")
    const failure = { code: "ENODEV", errno: 19, address: "tcp://[::1]:0" }
    await assert.rejects(pull.bind("tcp://[::1]:0"), failure)
    assert.throws(() => pull.bindSync("tcp://[::1]:0"), failure)
  })

  scenario(setting, "with ipv6 a socket listens on an IPv6 address", async (stage) => {
    const pull = stage.open("Pull", { ipv6: true })
    await pull.bind("tcp://[::1]:*")
    assert.match(pull.lastEndpoint ?? "", /^tcp:\/\/\[::1\]:\d+$/)
    await reaches(stage, pull.lastEndpoint ?? "", pull, { ipv6: true })
  })

  scenario(setting, "with ipv6 the wildcard listens on both", async (stage) => {
    const pull = stage.open("Pull", { ipv6: true })
    await pull.bind("tcp://*:*")
    const [, port] = /^tcp:\/\/\[::\]:(\d+)$/.exec(pull.lastEndpoint ?? "") ?? []
    for (const host of ["[::1]", "127.0.0.1", "localhost"])
      await reaches(stage, `tcp://${host}:${port}`, pull, { ipv6: true })
    await reaches(stage, `tcp://127.0.0.1:${port}`, pull)
  })

  scenario(setting, "sockets inherit ipv6 from their context", async (stage) => {
    const context = stage.context()
    context.ipv6 = true
    const pull = stage.open("Pull", { context })
    assert.equal(pull.ipv6, true)
    await pull.bind("tcp://[::1]:*")
    await reaches(stage, pull.lastEndpoint ?? "", pull, { ipv6: true })
  })
}

interface Seen {
  readonly port: number
  readonly socket: Promise<Socket>
  close(): Promise<void>
}

/** A plain listener, which sees where a connection comes from. */
function listenForOne(): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    const sockets: Socket[] = []
    const socket = new Promise<Socket>((seen) => {
      server.on("connection", (connection) => {
        sockets.push(connection.on("error", () => {}))
        seen(connection)
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const close = (): Promise<void> =>
        new Promise((closed) => {
          for (const connection of sockets) connection.destroy()
          server.close(() => closed())
        })
      resolve({ port: (server.address() as { port: number }).port, socket, close })
    })
  })
}

// ---- ipc

function ipcScenarios(setting: Setting): void {
  scenario(setting, "bind to ipc://*", async (stage) => {
    const before = process.env.TMPDIR
    const folder = mkdtempSync(join(tmpdir(), "puremq-"))
    process.env.TMPDIR = folder
    try {
      const [first, second] = [stage.open("Pull"), stage.open("Pull")]
      await first.bind("ipc://*")
      second.bindSync("ipc://*")
      const addresses = [first.lastEndpoint ?? "", second.lastEndpoint ?? ""]
      assert.notEqual(addresses[0], addresses[1])
      for (const address of addresses) assert.ok(address.startsWith(`ipc://${folder}`), address)
      await reaches(stage, addresses[0] ?? "", first)
      await reaches(stage, addresses[1] ?? "", second)
      await first.unbind(addresses[0] ?? "")
      await assert.rejects(second.unbind("ipc://*"), { code: "ENOENT" })
    } finally {
      stage.close()
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
      rmSync(folder, { recursive: true, force: true })
    }
  })

  scenario(setting, "bind replaces what a program that died has left", async (stage) => {
    const address = await stage.vacant()
    const path = address.slice("ipc://".length)
    const stale = stage.open("Pull")
    await stage.bindTo(stale, address)
    stale.close()
    rmSync(path, { force: true })
    writeFileSync(path, "left behind")
    const pull = stage.open("Pull")
    await pull.bind(address)
    assert.equal(pull.lastEndpoint, address)
    await reaches(stage, address, pull)
    assert.ok(existsSync(path))
  })

  if (process.platform !== "linux") return

  scenario(setting, "bind to a name in the abstract namespace", async (stage) => {
    const [pull, heir] = [stage.open("Pull"), stage.open("Pull")]
    const address = `ipc://@puremq-${setting.library.name}-${process.pid}`
    await pull.bind(address)
    assert.equal(pull.lastEndpoint, address)
    await reaches(stage, address, pull)
    const taken = { code: "EADDRINUSE", errno: 98, address }
    await assert.rejects(heir.bind(address), taken)
    assert.throws(() => heir.bindSync(address), taken)
    await pull.unbind(address)
    await stage.bindTo(heir, address)
    await reaches(stage, address, heir)
    await takesNothing(pull, "a socket that has left the address")
  })
}

// ---- inproc

function inprocScenarios(setting: Setting): void {
  scenario(setting, "names may be long and hold anything", async (stage) => {
    for (const name of ["*", "a b", "tcp://127.0.0.1:0", "ü/€", "x".repeat(200)]) {
      const pull = stage.open("Pull")
      await pull.bind(`inproc://${name}`)
      assert.equal(pull.lastEndpoint, `inproc://${name}`)
      await reaches(stage, `inproc://${name}`, pull)
      pull.close()
    }
  })

  scenario(setting, "two contexts do not see each other", async (stage) => {
    const contexts = [stage.context(), stage.context()]
    const address = await stage.vacant()
    const pulls = contexts.map((context) => stage.open("Pull", { context }))
    const pushes = contexts.map((context) => stage.open("Push", { context }))
    for (const [index, push] of pushes.entries()) {
      push.connect(address)
      await push.send(`context ${index}`)
    }
    for (const [index, pull] of pulls.entries()) {
      await pull.bind(address)
      assert.deepEqual(await take(pull), [`context ${index}`])
      await takesNothing(pull, "a socket whose context has one message")
    }
    await assert.rejects(stage.open("Pull", { context: stage.context() }).unbind(address), { code: "ENOENT" })
  })
}

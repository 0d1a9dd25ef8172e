// The forms of an address of ws, what `lastEndpoint` makes of them, and that a peer is reached there.
import assert from "node:assert/strict"
import { networkInterfaces } from "node:os"
import { test } from "node:test"
import { within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { take } from "./talk.js"

const interfaces = networkInterfaces()
const loopback = interfaces.lo?.some(({ address }) => address === "127.0.0.1") ? ["lo"] : []
const hasIpv6 = Object.values(interfaces).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
)

export function webSocketAddressScenarios(setting: Setting): void {
  for (const host of ["*", "0.0.0.0", "127.0.0.1", ...loopback]) {
    for (const [port, path] of [
      ["*", ""],
      ["0", "/"],
      ["0", "/path"],
      ["0", "/path?query=1"],
    ] as const) {
      const form = `ws://${host}:${port}${path}`
      const shown = host === "*" || host === "0.0.0.0" ? "0.0.0.0" : "127.0.0.1"

      for (const method of ["bind", "bindSync"] as const) {
        scenario(setting, `${method} to ${form}`, async (stage) => {
          const pull = stage.open("Pull")
          await pull[method](form)
          const chosen = portOf(pull.lastEndpoint)
          assert.equal(pull.lastEndpoint, `ws://${shown}:${chosen}${path || "/"}`)
          await reaches(stage, `ws://127.0.0.1:${chosen}`, pull)
          await reaches(stage, `ws://localhost:${chosen}/`, pull)
          await assert.rejects(pull.unbind(form), { code: "ENOENT", address: form })
          await pull.unbind(pull.lastEndpoint ?? "")
        })
      }
    }
  }

  scenario(setting, "whoever listens takes any path that he is asked for", async (stage) => {
    const pull = stage.open("Pull")
    await pull.bind("ws://127.0.0.1:*/this")
    for (const path of ["", "/", "/that", "/this?and=that"]) {
      await reaches(stage, `ws://127.0.0.1:${portOf(pull.lastEndpoint)}${path}`, pull)
    }
  })

  scenario(setting, "one socket is reached over ws and tcp", async (stage) => {
    const pull = stage.open("Pull")
    for (const scheme of ["ws", "tcp"]) {
      await pull.bind(`${scheme}://127.0.0.1:*`)
      await reaches(stage, pull.lastEndpoint ?? "", pull)
    }
  })

  scenario(setting, "a port that another endpoint has is in use, whatever its path", async (stage) => {
    const [pull, other] = [stage.open("Pull"), stage.open("Pull")]
    await pull.bind("ws://127.0.0.1:*/this")
    const address = `ws://127.0.0.1:${portOf(pull.lastEndpoint)}/that`
    await assert.rejects(other.bind(address), { code: "EADDRINUSE", address })
    assert.throws(() => other.bindSync(address), { code: "EADDRINUSE", address })
    await reaches(stage, pull.lastEndpoint ?? "", pull)
  })

  scenario(setting, "what connects over ws is disconnected by the address it was given", async (stage) => {
    const push = stage.open("Push")
    const address = (await stage.vacant()).slice(0, -1)
    push.connect(address)
    assert.throws(() => push.disconnect(`${address}/other`), { code: "ENOENT" })
    push.disconnect(address)
    assert.throws(() => push.disconnect(address), { code: "ENOENT" })
  })

  if (hasIpv6) ipv6Scenarios(setting)
  else test("IPv6 addresses of ws", { skip: "this machine has no IPv6" }, () => {})
}

function ipv6Scenarios(setting: Setting): void {
  scenario(setting, "an IPv6 address wants the option ipv6", async (stage) => {
    const failure = { code: "ENODEV", address: "ws://[::1]:0" }
    await assert.rejects(stage.open("Pull").bind("ws://[::1]:0"), failure)
  })

  for (const [host, shown] of [
    ["[::1]", "[::1]"],
    ["*", "[::]"],
  ] as const) {
    scenario(setting, `with ipv6 ws://${host}:* is bound to ${shown}`, async (stage) => {
      const pull = stage.open("Pull", { ipv6: true })
      await pull.bind(`ws://${host}:*`)
      const port = portOf(pull.lastEndpoint)
      assert.equal(pull.lastEndpoint, `ws://${shown}:${port}/`)
      await reaches(stage, `ws://[::1]:${port}/path`, pull, { ipv6: true })
    })
  }
}

function portOf(endpoint: string | null): number {
  const port = Number(/:(\d+)\//.exec(endpoint ?? "")?.[1])
  assert.ok(port > 0, `${endpoint} has no port`)
  return port
}

/** Asserts that what is sent to `address` arrives at `pull`. */
async function reaches(
  stage: Stage,
  address: string,
  pull: { receive(): Promise<Buffer[]> } & Parameters<typeof take>[0],
  options: { ipv6?: boolean } = {},
): Promise<void> {
  const push = stage.open("Push", { reconnectInterval: 10, ...options })
  push.connect(address)
  await within(push.send("knock"), `a connection to ${address}`)
  assert.deepEqual(await take(pull, `what was sent to ${address}`), ["knock"])
  push.close()
}

// Addresses that no socket can bind or connect to: the same errors as with libzmq, thrown or rejected alike.
import assert from "node:assert/strict"
import { type Setting, type Stage, scenario } from "./stage.js"

const errnos = {
  ENOENT: 2,
  ENODEV: 19,
  EINVAL: 22,
  ENAMETOOLONG: 36,
  EPROTONOSUPPORT: 93,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
} as const
type Code = keyof typeof errnos

/** An address, and how bind and connect fail with it; where connect is undefined it is no error there. */
type Row = readonly [address: string, bind: Code, connect: Code | undefined]

const rows: readonly Row[] = [
  ["", "EINVAL", "EINVAL"],
  ["tcp", "EINVAL", "EINVAL"],
  ["tcp:", "EINVAL", "EINVAL"],
  ["tcp://", "EINVAL", "EINVAL"],
  ["://", "EINVAL", "EINVAL"],
  ["://host:5555", "EINVAL", "EINVAL"],
  ["tcp//127.0.0.1:5555", "EINVAL", "EINVAL"],
  ["foo://bar", "EPROTONOSUPPORT", "EPROTONOSUPPORT"],
  ["TCP://127.0.0.1:5555", "EPROTONOSUPPORT", "EPROTONOSUPPORT"],
  [" tcp://127.0.0.1:5555", "EPROTONOSUPPORT", "EPROTONOSUPPORT"],
  ["vmci://1:1", "EPROTONOSUPPORT", "EPROTONOSUPPORT"],
  ["pgm://eth0;239.192.1.1:5555", "EPROTONOSUPPORT", "EPROTONOSUPPORT"],

  ["tcp://127.0.0.1", "EINVAL", "EINVAL"],
  ["tcp://127.0.0.1:", "EINVAL", "EINVAL"],
  ["tcp://:", "EINVAL", "EINVAL"],
  ["tcp://*", "EINVAL", "EINVAL"],
  ["tcp://127.0.0.1:port", "EINVAL", "EINVAL"],
  ["tcp://127.0.0.1:!", "EINVAL", "EINVAL"],
  ["tcp://;127.0.0.1:5555", "EINVAL", "EINVAL"],
  ["tcp://foo/bar:5555", "ENODEV", "EINVAL"],
  ["tcp://a b:5555", "ENODEV", "EINVAL"],
  ["tcp://-:5555", "ENODEV", "EINVAL"],
  ["tcp://*:80:90", "ENODEV", "EINVAL"],
  ["tcp://a..b:5555", "ENODEV", undefined],
  // A network that is reserved for documentation.
  ["tcp://203.0.113.7:5555", "EADDRNOTAVAIL", undefined],

  ["ipc://", "EINVAL", "EINVAL"],
  ["ipc://@", "EINVAL", "EINVAL"],
  ["ipc:///no/such/folder/socket", "ENOENT", undefined],
  ["ipc:///tmp", "EADDRINUSE", undefined],
  [`ipc:///tmp/${"x".repeat(103)}`, "ENAMETOOLONG", "ENAMETOOLONG"],
  [`ipc://${"ü".repeat(54)}`, "ENAMETOOLONG", "ENAMETOOLONG"],
  [`ipc://@${"x".repeat(107)}`, "ENAMETOOLONG", "ENAMETOOLONG"],

  ["ws://", "EINVAL", "EINVAL"],
  ["ws://127.0.0.1", "EINVAL", "EINVAL"],
  ["ws://127.0.0.1:", "EINVAL", "EINVAL"],
  ["ws://127.0.0.1:port", "EINVAL", "EINVAL"],
  ["ws://127.0.0.1/path:5555", "EINVAL", "EINVAL"],
  ["ws://:5555", "ENODEV", "EINVAL"],
  ["ws://-:5555", "ENODEV", "EINVAL"],
  ["ws://a b:5555", "ENODEV", "EINVAL"],
  ["ws://256.0.0.1:5555", "ENODEV", "EINVAL"],

  ["inproc://", "EINVAL", "EINVAL"],
]

export function badAddressScenarios(setting: Setting): void {
  // The table names the transports itself.
  if (setting.transport !== "tcp") return

  for (const [address, bind, connect] of rows) {
    const name = JSON.stringify(address.length > 50 ? `${address.slice(0, 20)}...` : address)
    scenario(setting, `${name} fails with ${bind} or ${connect ?? "not at once"}`, async (stage) => {
      const push = stage.open("Push")
      const failure = (code: Code): object => ({ code, errno: errnos[code], address })
      await assert.rejects(() => push.bind(address), failure(bind))
      assert.throws(() => push.bindSync(address), failure(bind))
      if (connect === undefined) push.connect(address)
      else assert.throws(() => push.connect(address), failure(connect))
      assert.equal(push.lastEndpoint, connect === undefined ? address : null)
      if (connect === undefined) push.disconnect(address)
      await stillWorks(stage, push)
    })
  }

  for (const [address, code] of [
    ["nonsense", "EINVAL"],
    ["foo://bar", "EPROTONOSUPPORT"],
    ["tcp://127.0.0.1:1", "ENOENT"],
    ["ipc:///no/such/socket", "ENOENT"],
    ["inproc://nobody", "ENOENT"],
  ] as const) {
    scenario(setting, `${address} can be neither unbound nor disconnected from`, async (stage) => {
      const push = stage.open("Push")
      const failure = { code, errno: errnos[code], address }
      await assert.rejects(() => push.unbind(address), failure)
      assert.throws(() => push.disconnect(address), failure)
      await stillWorks(stage, push)
    })
  }

  scenario(setting, "an address that is no text throws a TypeError at once", async (stage) => {
    const push = stage.open("Push") as unknown as Record<string, (address?: unknown) => unknown>
    for (const method of ["bind", "bindSync", "unbind", "unbindSync", "connect", "disconnect"]) {
      for (const address of [undefined, null, 5555, {}, []])
        assert.throws(() => push[method]?.(address), {
          name: "TypeError",
          message: "Address must be a string",
        })
    }
  })

  if (setting.library.name === "puremq") refusedScenarios(setting)
}

// libzmq takes these and binds to another port than the one that was written, or never connects.
const neither = ["5555x", "5555 ", "-1", "99999", " 5555", "+5555", "0x50", "5555/path"].map(
  (port) => `tcp://127.0.0.1:${port}`,
)
const noBind = ["tcp://127.0.0.1:0;127.0.0.1:5555"]
const noConnect = [
  "tcp://127.0.0.1:0",
  "tcp://127.0.0.1:65536",
  "tcp://:5555",
  "tcp://::1:5555",
  "tcp://[]:5555",
  "tcp://[::1",
  "tcp://[::1]",
  "tcp://127.0.0.1;127.0.0.1:5555",
  "tcp://127.0.0.1:0;",
]

function refusedScenarios(setting: Setting): void {
  for (const address of [...neither, ...noBind]) {
    scenario(setting, `bind refuses ${address}`, async (stage) => {
      const push = stage.open("Push")
      await assert.rejects(() => push.bind(address), { code: "EINVAL", errno: 22, address })
      assert.throws(() => push.bindSync(address), { code: "EINVAL", errno: 22, address })
    })
  }
  for (const address of [...neither, ...noConnect]) {
    scenario(setting, `connect refuses ${address}`, async (stage) => {
      const push = stage.open("Push")
      assert.throws(() => push.connect(address), { code: "EINVAL", errno: 22, address })
    })
  }
}

async function stillWorks(
  stage: Stage,
  push: {
    bind(address: string): Promise<void>
    lastEndpoint: string | null
    send(message: string): Promise<void>
  },
): Promise<void> {
  const pull = stage.open("Pull")
  pull.connect(await stage.bind(push))
  await push.send("still works")
  assert.equal(String((await pull.receive())[0]), "still works")
}

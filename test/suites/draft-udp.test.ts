// udp:// with both libraries: what one side sends the other hears, unicast and multicast, IPv4 and IPv6.
import assert from "node:assert/strict"
import { networkInterfaces } from "node:os"
import { describe, test } from "node:test"
import { Datagram, Dish, Radio } from "#src/draft.js"
import { curveKeyPair } from "#src/index.js"
import { unlessMissing } from "../interop/peer.js"
import { vacantDatagramPort } from "./datagram-port.js"
import { eventually } from "./deadline.js"
import { asReceiver, type DraftSocket, openDraft } from "./draft-library.js"
import { hearGroup, tune } from "./draft-radio-dish.js"
import { loadZeromq, puremq } from "./library.js"
import { type Setting, scenario } from "./stage.js"
import { takeFrames, takesNothing } from "./talk.js"

const zeromq = loadZeromq()
const { skip } = unlessMissing(typeof zeromq === "string" ? zeromq : undefined)

for (const library of [zeromq, puremq]) {
  const name = typeof library === "string" ? "zeromq" : library.name
  describe(`${name} over udp`, { skip: typeof library === "string" && skip }, () => {
    if (typeof library !== "string") datagramScenarios({ library, transport: "tcp" })
  })
}

// libzmq talks in the clear, and says nothing.
test("a puremq socket with a mechanism refuses udp, where it would talk in the clear", async () => {
  const refusal = { code: "ENOCOMPATPROTO" }
  const address = `udp://127.0.0.1:${await vacantDatagramPort()}`
  const { publicKey, secretKey } = curveKeyPair()
  for (const secured of [
    { plainServer: true },
    { plainUsername: "name", plainPassword: "word" },
    { curveServer: true, curveSecretKey: secretKey },
    { curveServerKey: publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey },
  ]) {
    using radio = new Radio(secured)
    assert.throws(() => radio.connect(address), refusal)
    for (const type of [Dish, Datagram]) {
      using socket = new type(secured)
      assert.throws(() => socket.bindSync(address), refusal)
      await assert.rejects(socket.bind(address), refusal)
    }
  }
})

function datagramScenarios(setting: Setting): void {
  for (const [place, options] of places()) {
    scenario(setting, `DISH at ${place} hears its groups and no others`, async (stage) => {
      const [radio, dish] = [openDraft(stage, "Radio", options), openDraft(stage, "Dish", options)]
      dish.join("g")
      dish.join("")
      const address = `udp://${place}:${await vacantDatagramPort()}`
      await dish.bind(address)
      radio.connect(address)
      await tune(radio, dish, "g")
      await radio.send("not for us", { group: "other" })
      await radio.send("one", { group: "g" })
      await radio.send("", { group: "" })
      const large = Buffer.alloc(8190, "x")
      await radio.send(large, { group: "g" })
      assert.deepEqual(await hearGroup(dish), ["one", "g"])
      assert.deepEqual(await hearGroup(dish), ["", ""])
      assert.deepEqual(await hearGroup(dish), [large.toString(), "g"])
      dish.leave("g")
      await radio.send("left", { group: "g" })
      await radio.send("last", { group: "" })
      assert.deepEqual(await hearGroup(dish), ["last", ""])
    })
  }

  scenario(setting, "all members of a multicast group hear each message", async (stage) => {
    const address = `udp://lo;239.255.12.1:${await vacantDatagramPort()}`
    const dishes = [openDraft(stage, "Dish"), openDraft(stage, "Dish")]
    for (const dish of dishes) {
      dish.join("g")
      await dish.bind(address)
    }
    const radio = openDraft(stage, "Radio")
    radio.connect(address)
    for (const dish of dishes) await tune(radio, dish, "g")
    await radio.send("all", { group: "g" })
    for (const dish of dishes) while ((await hearGroup(dish))[0] !== "all");
  })

  scenario(setting, "RADIO talks over udp and over tcp at a time", async (stage) => {
    const radio = openDraft(stage, "Radio")
    const [far, near] = [openDraft(stage, "Dish"), openDraft(stage, "Dish")]
    for (const dish of [far, near]) dish.join("g")
    const address = `udp://127.0.0.1:${await vacantDatagramPort()}`
    await far.bind(address)
    radio.connect(address)
    await tune(radio, far, "g")
    const joined = stage.next(radio, "handshake")
    near.connect(await stage.bind(radio))
    await joined
    let heard = false
    const first = hearGroup(near).then(() => {
      heard = true
    })
    while (!heard) {
      await radio.send("both", { group: "g" })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await first
    assert.deepEqual(await hearGroup(far), ["both", "g"])
  })

  scenario(setting, "DATAGRAMs answer each other by their addresses", async (stage) => {
    const [one, other] = [openDraft(stage, "Datagram"), openDraft(stage, "Datagram")]
    const ports = [await vacantDatagramPort(), await vacantDatagramPort()]
    await one.bind(`udp://127.0.0.1:${ports[0]}`)
    await other.bind(`udp://127.0.0.1:${ports[1]}`)
    await meet(one, other, ports[1] as number)
    await one.send([`127.0.0.1:${ports[1]}`, "question"])
    const [from, question] = await takeFrames(other)
    assert.equal(question?.toString(), "question")
    assert.equal(from?.toString(), `127.0.0.1:${ports[0]}\0`)
    await other.send([from as Buffer, "answer"])
    assert.equal((await takeFrames(one))[1]?.toString(), "answer")
    await one.send([`127.0.0.1:${ports[1]}`, ""])
    assert.equal((await takeFrames(other))[1]?.length, 0)
    await takesNothing(asReceiver(other), "a DATAGRAM that has had all")
  })

  scenario(setting, "a DATAGRAM sends an address and one frame", async (stage) => {
    for (const wrong of [["alone"], ["127.0.0.1:9", "two", "frames"]]) {
      const socket = openDraft(stage, "Datagram")
      await socket.bind(`udp://127.0.0.1:${await vacantDatagramPort()}`)
      await assert.rejects(async () => socket.send(wrong as never), { code: "EINVAL" })
    }
  })

  scenario(setting, "the wrong types and sides are ENOCOMPATPROTO", async (stage) => {
    const address = `udp://127.0.0.1:${await vacantDatagramPort()}`
    const [radio, dish, datagram] = [
      openDraft(stage, "Radio"),
      openDraft(stage, "Dish"),
      openDraft(stage, "Datagram"),
    ]
    const refusal = { code: "ENOCOMPATPROTO" }
    assert.throws(() => dish.connect(address), refusal)
    assert.throws(() => datagram.connect(address), refusal)
    assert.throws(() => radio.bindSync(address), refusal)
    await assert.rejects(radio.bind(address), refusal)
    for (const name of ["Push", "Publisher", "Router"] as const) {
      assert.throws(() => stage.open(name).connect(address), refusal, name)
      assert.throws(() => stage.open(name).bindSync(address), refusal, name)
    }
    const server = openDraft(stage, "Server")
    assert.throws(() => server.bindSync(address), refusal)
  })

  scenario(setting, "addresses that make no sense are refused", async (stage) => {
    for (const [address, code] of [
      ["udp://127.0.0.1", "EINVAL"],
      ["udp://:5555", "ENODEV"],
      ["udp://nosuch;239.0.0.1:5555", "ENODEV"],
      ["udp://;239.0.0.1:5555", "ENODEV"],
      ["udp://lo;127.0.0.1:5555", "EINVAL"],
      ["udp://[::1]:5555", "ENODEV"],
      ["udp://nohost.invalid:5555", "ENODEV"],
    ] as const) {
      const dish = openDraft(stage, "Dish")
      await assert.rejects(dish.bind(address), { code }, address)
    }
    for (const [address, code] of [
      ["udp://127.0.0.1", "EINVAL"],
      ["udp://:5555", "EINVAL"],
      ["udp://*:5555", "EINVAL"],
      ["udp://lo;239.0.0.1:*", "EINVAL"],
      ["udp://nosuch;239.0.0.1:5555", "ENODEV"],
      ["udp://;239.0.0.1:5555", "ENODEV"],
      ["udp://lo;127.0.0.1:5555", "EINVAL"],
      ["udp://[::1]:5555", "EINVAL"],
    ] as const) {
      const radio = openDraft(stage, "Radio")
      assert.throws(() => radio.connect(address), { code }, address)
    }
  })

  scenario(setting, "nothing is told of what happens over udp, and leaving it works", async (stage) => {
    const [radio, dish] = [openDraft(stage, "Radio"), openDraft(stage, "Dish")]
    const told: string[] = []
    for (const socket of [radio, dish]) {
      for (const type of ["bind", "accept", "connect", "connect:delay", "handshake", "disconnect"] as const) {
        socket.events.on(type, () => told.push(type))
      }
    }
    const address = `udp://127.0.0.1:${await vacantDatagramPort()}`
    dish.join("g")
    await dish.bind(address)
    radio.connect(address)
    await tune(radio, dish, "g")
    radio.disconnect(address)
    dish.unbindSync(address)
    assert.deepEqual(told, [])
    // libzmq lets go of an address as often as it is asked to.
    if (setting.library.name === "zeromq") return
    assert.throws(() => radio.disconnect(address), { code: "ENOENT" })
    assert.throws(() => dish.unbindSync(address), { code: "ENOENT" })
  })
}

/** Sends probes until the other has heard one; libzmq binds when it finds the time. */
async function meet(
  one: DraftSocket<"Datagram">,
  other: DraftSocket<"Datagram">,
  port: number,
): Promise<void> {
  const { receiveTimeout } = other
  other.receiveTimeout = 20
  await eventually(async () => {
    await one.send([`127.0.0.1:${port}`, "probe"])
    return (await other.receive().catch(() => undefined)) !== undefined
  }, "the other DATAGRAM to be bound")
  other.receiveTimeout = receiveTimeout
  await one.send([`127.0.0.1:${port}`, "met"])
  while ((await takeFrames(other))[1]?.toString() !== "met");
}

/** Where multicast and unicast can be tried on this machine; not every loopback has multicast of IPv6. */
function places(): [place: string, options: { ipv6?: boolean }][] {
  const own: [string, { ipv6?: boolean }][] = [
    ["127.0.0.1", {}],
    ["lo;239.255.12.2", {}],
    ["127.0.0.1;239.255.12.3", {}],
  ]
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  if (addresses.some(({ address }) => address === "::1")) own.push(["[::1]", { ipv6: true }])
  return own
}

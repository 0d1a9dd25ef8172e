// Peers of ZMTP 1.0 (RFC 13) and 2.0 (RFC 15): how they are known, in whatever pieces they come, and what they may not.
import assert from "node:assert/strict"
import { adjust } from "../suites/by-number.js"
import { take, takesNothing } from "../suites/talk.js"
import { codeOf, dial, EventLog, here, meet, onBoth, roles, there } from "./wire-stage.js"
import {
  COMMAND,
  command,
  frame,
  LONG,
  longHeader,
  MORE,
  message,
  oldFrame,
  signature,
} from "./zmtp-bytes.js"

interface Old {
  readonly name: string
  /** What a peer of the type with that number says first. */
  opening(type: number, id?: string): Buffer
  message(...frames: string[]): Buffer
  /** A header that announces so many bytes. */
  announce(size: bigint): Buffer
  /** Bytes that cannot begin a frame. */
  readonly garbage: string
}

const PUSH = 8
const DEALER = 5

const version1: Old = {
  name: "1.0",
  opening: (_type, id = "") => oldFrame(0, id),
  message: (...frames) =>
    Buffer.concat(frames.map((body, at) => oldFrame(at < frames.length - 1 ? MORE : 0, body))),
  announce: (size) => {
    const header = Buffer.alloc(10, 0xff)
    header.writeBigUInt64BE(size + 1n, 1)
    header[9] = 0
    return header
  },
  garbage: "00",
}

const version2: Old = {
  name: "2.0",
  opening: (type, id = "") => Buffer.concat([signature, Buffer.of(1, type), frame(0, id)]),
  message,
  announce: (size) => longHeader(0, size),
  garbage: "f000",
}

/** What libzmq calls revision 0: the greeting of 2.0 before frames of 1.0. */
const between: Old = {
  ...version1,
  name: "1.0 with a greeting",
  opening: (type, id = "") => Buffer.concat([signature, Buffer.of(0, type), oldFrame(0, id)]),
}

const olds = [version1, version2, between]
const nothing = Buffer.alloc(0)

onBoth((scenario) => {
  for (const old of olds) {
    scenario(
      `a ROUTER greets and probes a peer of ${old.name} as any other, and hears it go`,
      async (stage) => {
        const router = adjust(stage, stage.open("Router", { probeRouter: true, heartbeatInterval: 10 }), {
          helloMessage: "hello",
          routerNotify: 2,
          disconnectMessage: "gone",
        })
        const mock = await dial(stage, await stage.bind(router))
        await mock.send(old.opening(DEALER, "peer"), old.message("first"))
        assert.deepEqual(await take(router), ["peer", "first"])
        await router.send(["peer", "second"])
        // Signature, and what else there is before the messages.
        await mock.take(old === version1 ? 10 : 14)
        const expected = Buffer.concat([old.message("hello"), old.message(""), old.message("second")])
        assert.deepEqual(await mock.take(expected.length), expected)
        mock.close()
        assert.deepEqual(await take(router), ["peer", ""])
        assert.deepEqual(await take(router), ["peer", "gone"])
      },
    )
  }

  for (const role of roles) {
    scenario(
      `a DEALER that ${role} tells a peer of 1.0 its routing id within the signature`,
      async (stage) => {
        const { mock, socket } = await meet(stage, role, "Dealer", { routingId: "me" })
        // FF | length of flags and id | flags
        assert.equal((await mock.take(10)).toString("hex"), `${"ff"}${"0000000000000003"}${"7f"}`)
        await mock.send(version1.opening(DEALER))
        assert.equal(String(await mock.take(2)), "me")
        await socket.send("hello")
        assert.deepEqual(await mock.take(7), version1.message("hello"))
      },
    )

    scenario(`a DEALER that ${role} tells a peer of 2.0 its routing id in a frame`, async (stage) => {
      const { mock, socket } = await meet(stage, role, "Dealer", { routingId: "me" })
      await mock.send(version2.opening(DEALER))
      const expected = `${"ff"}${"0000000000000003"}${"7f"}${"03"}${"05"}${"00"}${"02"}${"6d65"}`
      assert.equal((await mock.take(16)).toString("hex"), expected)
      await socket.send("hello")
      assert.deepEqual(await mock.take(7), version2.message("hello"))
    })

    scenario(`a DEALER that ${role} answers revision 0 with a greeting and frames of 1.0`, async (stage) => {
      const { mock, socket } = await meet(stage, role, "Dealer", { routingId: "me" })
      await mock.send(between.opening(DEALER, "you"))
      // signature | our version | type | length, flags, routing id
      const expected = `${"ff"}${"0000000000000003"}${"7f"}${"03"}${"05"}${"03"}${"00"}${"6d65"}`
      assert.equal((await mock.take(16)).toString("hex"), expected)
      await socket.send(["hello", ""])
      assert.deepEqual(await mock.take(9), between.message("hello", ""))
      await mock.send(between.message("", "hello"))
      assert.deepEqual(await take(socket), ["", "hello"])
    })

    scenario(`a PULL that ${role} takes the marks of libzmq 2 for flags that mean nothing`, async (stage) => {
      const { mock, socket } = await meet(stage, role, "Pull")
      await mock.send(oldFrame(0x7e, ""), oldFrame(0x7f, "a"), oldFrame(0x7e, "b"))
      assert.deepEqual(await take(socket), ["a", "b"])
    })

    for (const old of olds) {
      const longest = "x".repeat(255)
      for (const id of ["a", longest]) {
        scenario(`a ROUTER that ${role} knows a peer of ${old.name} by ${id.length} bytes`, async (stage) => {
          const { mock, socket } = await meet(stage, role, "Router")
          await mock.send(old.opening(DEALER, id), old.message("hello"))
          assert.deepEqual(await take(socket), [id, "hello"])
        })
      }

      scenario(`a PULL that ${role} takes a peer of ${old.name} byte by byte`, async (stage) => {
        const { mock, socket } = await meet(stage, role, "Pull")
        const bytes = Buffer.concat([
          old.opening(PUSH, "me"),
          old.message("one", "", "by"),
          old.message("one"),
        ])
        await mock.sendApart(Array.from(bytes, (byte) => Buffer.of(byte)))
        assert.deepEqual([await take(socket), await take(socket)], [["one", "", "by"], ["one"]])
      })

      scenario(`a PULL that ${role} refuses a frame of ${old.name} over maxMessageSize`, async (stage) => {
        const { mock, socket, events } = await meet(stage, role, "Pull", { maxMessageSize: 300 })
        await mock.send(old.opening(PUSH), old.message("x".repeat(300)), old.message("y".repeat(301)))
        assert.deepEqual(await take(socket), ["x".repeat(300)])
        await events.next("disconnect")
        await mock.ended()
        await takesNothing(socket, "the PULL")
      })

      // libzmq 4 does not mind flags that 2.0 has no meaning for.
      const hangsUp = old === version2 ? here : scenario
      hangsUp(`a PULL that ${role} hangs up on garbage in a stream of ${old.name}`, async (stage) => {
        const { mock, socket, events } = await meet(stage, role, "Pull")
        await mock.send(old.opening(PUSH), old.message("good"))
        assert.deepEqual(await take(socket), ["good"])
        await mock.send(Buffer.from(old.garbage, "hex"))
        await events.next("disconnect")
        await mock.ended()
        await takesNothing(socket, "the PULL")
      })

      scenario(`a PULL of little room that ${role} loses nothing of a peer of ${old.name}`, async (stage) => {
        const { mock, socket } = await meet(stage, role, "Pull", { receiveHighWaterMark: 2 })
        const bodies = Array.from({ length: 300 }, (_, at) => `${at}`.repeat(at % 7 === 0 ? 5000 : 3))
        await mock.send(old.opening(PUSH), ...bodies.map((body) => old.message(body, "")))
        mock.finish()
        for (const body of bodies) assert.deepEqual(await take(socket), [body, ""])
      })

      scenario(`a PUSH that ${role} sends to a peer of ${old.name} what is of any size`, async (stage) => {
        const { mock, socket } = await meet(stage, role, "Push")
        await mock.send(old.opening(7))
        await mock.take(old === version1 ? 10 : 14)
        const bodies = [0, 1, 252, 253, 254, 255, 256, 16_384, 16_385, 1_000_000, 5].map((size) =>
          "x".repeat(size),
        )
        for (const body of bodies) await socket.send([body, body])
        const expected = Buffer.concat(bodies.map((body) => old.message(body, body)))
        assert.ok((await mock.take(expected.length)).equals(expected))
      })
    }
  }
})

for (const role of roles) {
  for (const old of olds) {
    here(`a PULL that ${role} takes a peer of ${old.name} split at every byte`, async (stage) => {
      const body = "x".repeat(300)
      const bytes = Buffer.concat([
        old.opening(PUSH, "me"),
        old.message("a", ""),
        old.message(body),
        old.message("b"),
      ])
      for (let at = 1; at < bytes.length; at += at > 40 && at < bytes.length - 8 ? 50 : 1) {
        const { socket, mock } = await meet(stage, role, "Pull")
        await mock.sendApart([bytes.subarray(0, at), bytes.subarray(at)])
        for (const expected of [["a", ""], [body], ["b"]]) {
          assert.deepEqual(await take(socket, `a message split at ${at}`), expected)
        }
        socket.close()
        mock.close()
      }
    })

    here(`a PULL that ${role} survives every beginning of a peer of ${old.name}`, async (stage) => {
      const { socket, mock, events, again } = await meet(stage, role, "Pull")
      const bytes = Buffer.concat([old.opening(PUSH, "me"), old.message("a", "b")])
      let next = mock
      for (let length = 0; length < bytes.length; length++) {
        await next.send(bytes.subarray(0, length))
        next.finish()
        await next.ended()
        await events.next("disconnect")
        next = await again()
      }
      await next.send(bytes)
      assert.deepEqual(await take(socket), ["a", "b"])
      await takesNothing(socket, "the PULL")
    })

    here(
      `a PULL that ${role} tells a handshake with a peer of ${old.name}, and who that is`,
      async (stage) => {
        const { socket, mock, events } = await meet(stage, role, "Pull")
        await mock.send(old.opening(PUSH, "me"), old.message("hello"))
        await events.next("handshake")
        assert.deepEqual(await take(socket), ["hello"])
      },
    )

    here(
      `a PULL that ${role} refuses garbage behind the greeting of a peer of ${old.name}, once`,
      async (stage) => {
        const { mock, socket, events } = await meet(stage, role, "Pull")
        const start = old === version1 ? nothing : old.opening(PUSH).subarray(0, 12)
        await mock.send(start, Buffer.from(old.garbage, "hex"))
        assert.equal(codeOf(await events.next("handshake:error:protocol")), "ERR_ZMTP_UNSPECIFIED")
        await mock.ended()
        socket.close()
        assert.ok(!(await events.whole()).includes("connect:retry"))
      },
    )

    here(`a PULL that ${role} gives a peer of ${old.name} no more memory than comes`, async (stage) => {
      const { mock, socket, events } = await meet(stage, role, "Pull")
      await mock.send(old.opening(PUSH), old.message("before"))
      assert.deepEqual(await take(socket), ["before"])
      const before = process.memoryUsage().arrayBuffers
      await mock.sendApart([old.announce(2n ** 50n), Buffer.alloc(100_000)])
      const growth = process.memoryUsage().arrayBuffers - before
      assert.ok(growth < 4 << 20, `${growth} bytes`)
      mock.finish()
      await events.next("disconnect")
      await takesNothing(socket, "the PULL")
    })

    here(`a PULL that ${role} waits no longer than it should for a peer of ${old.name}`, async (stage) => {
      const { mock, events } = await meet(stage, role, "Pull", { handshakeInterval: 50 })
      await mock.send(old.opening(PUSH, "me").subarray(0, -1))
      await events.next("handshake:error:other")
      await mock.ended()
    })

    here(
      `a ROUTER that ${role} refuses a peer of ${old.name} with 256 bytes of routing id`,
      async (stage) => {
        const { mock, events } = await meet(stage, role, "Router")
        await mock.send(old.opening(DEALER, "x".repeat(256)))
        await events.next("handshake:error:protocol")
        await mock.ended()
      },
    )

    here(`a PULL that ${role} hands out what a peer of ${old.name} sent before it left`, async (stage) => {
      const { socket, mock, events } = await meet(stage, role, "Pull", { receiveHighWaterMark: 1 })
      await mock.send(old.opening(PUSH), ...["a", "b", "c", "d"].map((body) => old.message(body)))
      mock.finish()
      await events.next("disconnect")
      for (const body of ["a", "b", "c", "d"]) assert.deepEqual(await take(socket), [body])
    })
  }

  for (const old of [version2, between]) {
    for (const type of [7, 0, 11, 255]) {
      here(`a PULL that ${role} refuses a peer of ${old.name} of type ${type}, once`, async (stage) => {
        const { mock, socket, events } = await meet(stage, role, "Pull")
        await mock.send(old.opening(type))
        assert.equal(codeOf(await events.next("handshake:error:protocol")), "ERR_ZMTP_INVALID_METADATA")
        await mock.ended()
        socket.close()
        assert.ok(!(await events.whole()).includes("connect:retry"))
      })
    }
  }

  const wrong: [what: string, bytes: Buffer][] = [
    ["a command for a routing id", command("READY")],
    ["a routing id of two frames", frame(MORE, "me")],
    ["a reserved flag", frame(0x80, "me")],
  ]
  for (const [what, bytes] of wrong) {
    here(`a PULL that ${role} refuses ${what} from a peer of 2.0, once`, async (stage) => {
      const { mock, socket, events } = await meet(stage, role, "Pull")
      await mock.send(version2.opening(PUSH).subarray(0, 12), bytes, frame(0, ""))
      await events.next("handshake:error:protocol")
      await mock.ended()
      socket.close()
      assert.ok(!(await events.whole()).includes("connect:retry"))
    })
  }

  for (const [what, bytes] of [
    ["a PING", command("PING", "\0\0")],
    ["a long command", frame(COMMAND | LONG, "\x09SUBSCRIBE")],
  ] as const) {
    here(`a PULL that ${role} hangs up on ${what} from a peer of 2.0`, async (stage) => {
      const { mock, events, socket } = await meet(stage, role, "Pull")
      await mock.send(version2.opening(PUSH), version2.message("before"), bytes)
      assert.deepEqual(await take(socket), ["before"])
      await events.next("disconnect")
      await mock.ended()
    })
  }
}

here("peers of all versions at one ROUTER have the same names and get the same words", async (stage) => {
  const router = stage.open("Router")
  const events = new EventLog(router)
  const address = await stage.bind(router)
  const newest = await dial(stage, address)
  await newest.shakeHands("DEALER", { identity: "3.1" })
  await newest.send(message("hello"))
  assert.deepEqual(await take(router), ["3.1", "hello"])
  for (const old of olds) {
    const mock = await dial(stage, address)
    await mock.send(old.opening(DEALER, old.name), old.message("hello"))
    assert.deepEqual(await take(router), [old.name, "hello"])
    await mock.take(old === version1 ? 10 : 14)
    await router.send([old.name, "back", ""])
    const expected = old.message("back", "")
    assert.deepEqual(await mock.take(expected.length), expected)
  }
  await router.send(["3.1", "you too"])
  assert.deepEqual(await newest.takeMessage(), ["you too"])
  assert.ok(!events.types.includes("disconnect"))
})

there((scenario) => {
  for (const old of olds) {
    scenario(
      `it tells no handshake with a peer of ${old.name}, and does not look at its type`,
      async (stage) => {
        const { mock, socket, events } = await meet(stage, "binds", "Pull")
        await mock.send(old.opening(7), old.message("from a PULL"))
        assert.deepEqual(await take(socket), ["from a PULL"])
        mock.finish()
        await events.next("disconnect")
        assert.ok(!events.types.includes("handshake"))
      },
    )
  }

  scenario("it drops commands of a peer of 2.0", async (stage) => {
    const { mock, socket } = await meet(stage, "binds", "Pull")
    await mock.send(version2.opening(PUSH), command("PING", "\0\0"), version2.message("next"))
    assert.deepEqual(await take(socket), ["next"])
  })
})

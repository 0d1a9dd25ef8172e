// Peers of ZMTP 1.0 (RFC 13) and 2.0 (RFC 15): in whatever pieces they come, and what they may not.
import assert from "node:assert/strict"
import { take, takesNothing } from "../suites/talk.js"
import { between, DEALER, nothing, olds, PUSH, version1, version2 } from "./old-versions.js"
import { codeOf, here, meet, roles } from "./wire-stage.js"
import { COMMAND, command, frame, LONG, MORE } from "./zmtp-bytes.js"

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

// What libzmq calls the replies of a ZAP handler, one after the other. In a process of its own, which is to be killed:
// after some of them libzmq's contexts wait for ever to be terminated.
import { createRequire } from "node:module"
import { connect } from "node:net"
import { ZAP_ENDPOINT } from "#src/security/zap.js"
import { fromRoot } from "../../interop/package-root.js"
import { COMMAND, frame, greeting } from "../../wire/zmtp-bytes.js"
import { say } from "./play.js"

interface ZapSocket {
  readonly lastEndpoint: string
  readonly events: {
    on(name: "handshake:error:protocol", listener: (event: { error: { code: string } }) => void): void
  }
  bind(address: string): Promise<void>
  send(parts: string[]): Promise<void>
  receive(): Promise<Buffer[]>
}
type ZapSocketClass = new (options: Record<string, unknown>) => ZapSocket

const zmq = createRequire(fromRoot("test/peers/package.json"))("zeromq") as {
  Reply: ZapSocketClass
  Router: ZapSocketClass
  Context: new () => object
}

async function codeOf(reply: string[]): Promise<{ request: string[]; code: string }> {
  const context = new zmq.Context()
  const handler = new zmq.Reply({ context, linger: 0 })
  const server = new zmq.Router({ context, linger: 0, plainServer: true })
  await handler.bind(ZAP_ENDPOINT)
  const told = new Promise<string>((resolve) => {
    server.events.on("handshake:error:protocol", ({ error }) => resolve(error.code))
  })
  await server.bind("tcp://127.0.0.1:*")
  const peer = connect(Number(new URL(server.lastEndpoint).port), "127.0.0.1")
  peer.on("error", () => {})
  peer.write(
    Buffer.concat([greeting({ mechanism: "PLAIN" }), frame(COMMAND, "\x05HELLO\x05admin\x06secret")]),
  )
  const request = (await handler.receive()).map((part) => part.toString("latin1"))
  await handler.send(reply)
  return { request, code: await told }
}

for (const reply of JSON.parse(process.argv[2] ?? "[]") as string[][])
  say(JSON.stringify(await codeOf(reply)))

// Sockets of plain TCP, their peers, and what comes of them in however many pieces.
import assert from "node:assert/strict"
import { get } from "node:http"
import { adjust } from "../suites/by-number.js"
import { eventually } from "../suites/deadline.js"
import type { Stage } from "../suites/stage.js"
import { type Receiver, takeFrames } from "../suites/talk.js"
import type { MockPeer } from "./mock-peer.js"
import { dial } from "./wire-stage.js"

export const unreachable = { code: "EHOSTUNREACH" }

/** A STREAM or raw ROUTER that binds, and a peer whose coming it was told of. */
export async function welcome(
  stage: Stage,
  raw: { readonly name: "Stream" | "Router" } = { name: "Stream" },
) {
  const socket = open(stage, raw.name)
  const address = await stage.bind(socket)
  const { mock, id } = await come(stage, socket, address)
  return { socket, address, mock, id }
}

type RawSocket = Receiver & {
  sendTimeout: number
  readonly readable: boolean
  readonly lastEndpoint: string | null
  bind(address: string): Promise<void>
  send(message: [Buffer | string, Buffer | string]): Promise<void>
}

/** A STREAM, or a ROUTER that is raw. */
function open(stage: Stage, name: "Stream" | "Router"): RawSocket {
  if (name === "Stream") return stage.open("Stream")
  return adjust(stage, stage.open("Router"), { raw: true })
}

/** A peer that connects, and its id. */
export async function come(
  stage: Stage,
  socket: Receiver,
  address: string,
): Promise<{ mock: MockPeer; id: Buffer }> {
  const mock = await dial(stage, address)
  const [id, nothing] = (await takeFrames(socket)) as [Buffer, Buffer]
  assert.equal(nothing.length, 0)
  return { mock, id }
}

/** What a peer said, however it was split, until there are so many bytes. */
export async function collect(socket: Receiver, id: Buffer, count: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for (let length = 0; length < count; ) {
    const [from, part, ...more] = (await takeFrames(socket)) as [Buffer, Buffer]
    assert.deepEqual(from, id)
    assert.equal(more.length, 0)
    assert.ok(part.length > 0, "the connection has ended")
    parts.push(part)
    length += part.length
  }
  return Buffer.concat(parts)
}

/** Waits until the mock hears the end. libzmq goes on with it when the socket is used. */
export async function endsFor(mock: MockPeer, socket: RawSocket): Promise<void> {
  await eventually(async () => !socket.readable && !mock.isOpen, "the end of the connection")
  assert.equal(await mock.ended(), "end")
}

/** Sends to one peer of a STREAM. */
export function sender(socket: RawSocket, id: Buffer) {
  return {
    get sendTimeout(): number {
      return socket.sendTimeout
    },
    set sendTimeout(value: number) {
      socket.sendTimeout = value
    },
    send: (message: unknown) => socket.send([id, message as Buffer]),
  }
}

/** The body of `/page`, as an HTTP client sees it. */
export function fetchPage(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/page", agent: false }, (response) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (part: string) => (text += part))
      response.on("end", () => resolve(text))
    }).on("error", reject)
  })
}

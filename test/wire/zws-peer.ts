// A peer over a WebSocket made of raw bytes, on top of the one of raw TCP.
import assert from "node:assert/strict"
import type { SocketName } from "../suites/library.js"
import type { Stage } from "../suites/stage.js"
import { type MockPeer, MockServer } from "./mock-peer.js"
import { dial, EventLog, type Meeting, type Role } from "./wire-stage.js"
import {
  BINARY,
  type FrameFields,
  readyBody,
  upgradeRequest,
  upgradeResponse,
  webSocketFrame,
  ZWS_COMMAND,
  ZWS_MORE,
  zwsPacket,
} from "./zws-bytes.js"

/** A head of HTTP: its first line, and its headers by their names in lower case. */
export interface Head {
  readonly line: string
  readonly headers: Map<string, string>
}

export class ZwsPeer {
  readonly mock: MockPeer
  /** Whether the mock is the client, who masks. */
  readonly masks: boolean

  constructor(mock: MockPeer, masks: boolean) {
    this.mock = mock
    this.masks = masks
  }

  /** The next head of HTTP. */
  async takeHead(): Promise<Head> {
    let text = ""
    while (!text.endsWith("\r\n\r\n")) text += (await this.mock.take(1)).toString("latin1")
    const [line = "", ...rest] = text.trimEnd().split("\r\n")
    const headers = rest.map((header): [string, string] => {
      const colon = header.indexOf(":")
      return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()]
    })
    return { line, headers: new Map(headers) }
  }

  /** Opens the WebSocket, whichever side the mock is on; the subprotocol is what it offers or chooses. */
  async upgrade(subprotocol = "ZWS2.0/NULL"): Promise<Head> {
    const headers = { "Sec-WebSocket-Protocol": subprotocol }
    if (this.masks) {
      await this.sendText(upgradeRequest("/", headers))
      return this.takeHead()
    }
    const head = await this.takeHead()
    await this.sendText(upgradeResponse(head.headers.get("sec-websocket-key") ?? "", headers))
    return head
  }

  /** Opens the WebSocket, says READY as `socketType` and takes the other side's. */
  async shakeHands(socketType: string, ...pairs: [name: string, value: string][]): Promise<void> {
    await this.upgrade()
    await this.sendPacket(ZWS_COMMAND, readyBody(socketType, ...pairs))
    const { flags, body } = await this.takePacket()
    assert.equal(flags, ZWS_COMMAND)
    assert.equal(body.toString("latin1", 1, 6), "READY")
  }

  sendText(text: string): Promise<void> {
    return this.mock.send(Buffer.from(text, "latin1"))
  }

  /** One frame of the WebSocket as bytes. */
  frame(payload: Uint8Array | string, fields: Partial<FrameFields> = {}): Buffer {
    return webSocketFrame(payload, { masked: this.masks, ...fields })
  }

  sendFrame(payload: Uint8Array | string, fields: Partial<FrameFields> = {}): Promise<void> {
    return this.mock.send(this.frame(payload, fields))
  }

  sendPacket(flags: number, body: Uint8Array | string): Promise<void> {
    return this.sendFrame(zwsPacket(flags, body))
  }

  sendMessage(...frames: (Uint8Array | string)[]): Promise<void> {
    const last = frames.length - 1
    return this.mock.send(...frames.map((body, at) => this.frame(zwsPacket(at < last ? ZWS_MORE : 0, body))))
  }

  /** The next frame of the WebSocket, which is the whole of its message. */
  async takeFrame(): Promise<{ readonly opcode: number; readonly payload: Buffer }> {
    const [first = 0, second = 0] = await this.mock.take(2)
    assert.equal(first & 0xf0, 0x80, "a final frame without extensions")
    assert.equal(second >= 0x80, !this.masks, "clients mask and servers don't")
    let size = second & 0x7f
    if (size === 126) size = (await this.mock.take(2)).readUInt16BE()
    else if (size === 127) size = Number((await this.mock.take(8)).readBigUInt64BE())
    const mask = this.masks ? Buffer.alloc(4) : await this.mock.take(4)
    const masked = await this.mock.take(size)
    return {
      opcode: first & 0x0f,
      payload: masked.map((byte, at) => byte ^ (mask[at % 4] as number)) as Buffer,
    }
  }

  async takePacket(): Promise<{ readonly flags: number; readonly body: Buffer }> {
    const { opcode, payload } = await this.takeFrame()
    assert.equal(opcode, BINARY)
    return { flags: payload.readUInt8(), body: payload.subarray(1) }
  }

  /** The frames of the next message, as Latin-1. */
  async takeMessage(): Promise<string[]> {
    const frames: string[] = []
    for (;;) {
      const { flags, body } = await this.takePacket()
      assert.ok(flags <= ZWS_MORE, "a message's frame")
      frames.push(body.toString("latin1"))
      if (flags === 0) return frames
    }
  }

  ended(): Promise<unknown> {
    return this.mock.ended()
  }
}

/** A socket that a mock peer has a connection with, before the first byte of the opening handshake. */
export interface ZwsMeeting<Name extends SocketName> extends Omit<Meeting<Name>, "mock" | "again"> {
  readonly peer: ZwsPeer
  again(): Promise<ZwsPeer>
}

export async function meetOverZws<Name extends SocketName>(
  stage: Stage,
  role: Role,
  name: Name,
  options?: Parameters<typeof stage.open<Name>>[1],
): Promise<ZwsMeeting<Name>> {
  const socket = stage.open(name, { reconnectInterval: 1, ...options } as typeof options)
  const events = new EventLog(socket)
  let again: () => Promise<MockPeer>
  if (role === "binds") {
    const address = await stage.bind(socket)
    again = () => dial(stage, address)
  } else {
    const server = stage.keep(await MockServer.listen())
    socket.connect(`${server.address.replace("tcp", "ws")}/path`)
    again = () => server.accept()
  }
  const meet = async (): Promise<ZwsPeer> => new ZwsPeer(await again(), role === "binds")
  return { socket, events, again: meet, peer: await meet() }
}

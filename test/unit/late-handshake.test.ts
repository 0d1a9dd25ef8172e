// When a handshake has taken too long, in time that passes as told.
import assert from "node:assert/strict"
import { test } from "node:test"
import { ContextCore } from "#src/core/context.js"
import type { Ending, LinkOwner, Scheduler } from "#src/link/link.js"
import { ZmtpLink } from "#src/link/zmtp.js"
import { ZwsLink } from "#src/link/zws.js"
import { BARE_SUBPROTOCOL } from "#src/wire/zws.js"
import { SimulatedPacketConn } from "../fuzz/packet-simulation.js"
import { SimulatedConn, SimulatedPlatform } from "../fuzz/simulation.js"
import { greeting, ready } from "../wire/zmtp-bytes.js"
import { hello } from "./sample-hello.js"

const INTERVAL = 30
const settings = { ...hello, handshakeInterval: INTERVAL }

/** Owns a connection, and notes what becomes of it. */
class Owner implements LinkOwner {
  readonly counters = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0, dropped: 0 }
  readonly platform: SimulatedPlatform = new SimulatedPlatform()
  readonly scheduler: Scheduler = new ContextCore(this.platform).turn
  readonly told: string[] = []

  opened(): void {}

  linked(): void {
    this.told.push("linked")
  }

  ended({ error }: Ending): void {
    this.told.push((error as { code?: string } | undefined)?.code ?? "ended")
  }

  /** Lets the time be over while the event loop has something to read. */
  passAll(read: () => void): void {
    this.platform.pass(INTERVAL - 1)
    assert.deepEqual(this.told, [])
    this.platform.nextTurn(read)
    this.platform.pass(1)
  }
}

interface Peer {
  /** Says all that it has to. */
  shakeHands(): void
  goAway(): void
}

function overZmtp(owner: Owner): Peer {
  const conn = new SimulatedConn(owner.platform, undefined)
  new ZmtpLink(conn, settings, owner, owner.scheduler).open({ whole: true, learn: () => {} })
  return {
    shakeHands: () => void conn.deliver(Buffer.concat([greeting(), ready("PUSH")])),
    goAway: () => conn.close(undefined),
  }
}

function overZws(owner: Owner): Peer {
  const conn = new SimulatedPacketConn(owner.platform, true, undefined)
  new ZwsLink(conn, settings, owner, owner.scheduler).open()
  return {
    shakeHands: () => {
      conn.handler.upgraded(BARE_SUBPROTOCOL)
      conn.handler.packet(Buffer.from([0]))
    },
    goAway: () => conn.close(undefined),
  }
}

for (const [name, meet] of [
  ["ZMTP", overZmtp],
  ["ZWS", overZws],
] as const) {
  test(`${name}: a handshake that takes too long ends the connection, once`, () => {
    const owner = new Owner()
    meet(owner)
    owner.passAll(() => {})
    owner.platform.pass(INTERVAL)
    assert.deepEqual(owner.told, ["EAGAIN"])
    assert.equal(owner.platform.pendingTimers, 0)
  })

  test(`${name}: what came before the time was over counts, though it is read behind it`, () => {
    const owner = new Owner()
    const peer = meet(owner)
    owner.passAll(() => peer.shakeHands())
    owner.platform.pass(INTERVAL)
    assert.deepEqual(owner.told, ["linked"])
    assert.equal(owner.platform.pendingTimers, 0)
  })

  test(`${name}: nothing more is told of a connection that ends when its time is over`, () => {
    const owner = new Owner()
    const peer = meet(owner)
    owner.passAll(() => peer.goAway())
    assert.deepEqual(owner.told, ["ended"])
  })
}

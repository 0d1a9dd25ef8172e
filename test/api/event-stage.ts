// What is told of a connection, step by step.
import type { Event } from "puremq"
import type { Stage } from "../suites/stage.js"
import { MockServer } from "../wire/mock-peer.js"
import { EventLog } from "../wire/wire-stage.js"

/** Connects a socket to a mock peer. */
export async function approach(stage: Stage, socket: ConstructorParameters<typeof EventLog>[0]) {
  const events = new EventLog(socket)
  const server = stage.keep(await MockServer.listen())
  socket.connect(server.address)
  return { events, address: server.address, mock: await server.accept() }
}

/** Waits for as long as a connection would take that fails and is tried again. */
export async function twoAttempts(stage: Stage): Promise<void> {
  const push = stage.open("Push", { reconnectInterval: 50 })
  const events = new EventLog(push)
  push.connect(await stage.vacant())
  for (let count = 0; count < 3; count++) await events.next("connect:retry")
  push.close()
}

/** An attempt to connect. */
export function attempt(address: string): object[] {
  return [{ type: "connect:delay", address }]
}

/** One that succeeds, up to its handshake. */
export function success(address: string): object[] {
  return [
    { type: "connect", address },
    { type: "handshake", address },
  ]
}

/** The end of a connection that is tried again. */
export function loss(address: string, interval: number): object[] {
  return [
    { type: "disconnect", address },
    { type: "connect:retry", address, interval },
  ]
}

/** All that is ever told, once the socket is closed, with the codes of errors instead of them. */
export async function told(events: EventLog, any?: string): Promise<object[]> {
  await events.whole()
  return events.seen.map((event: Event) =>
    "error" in event ? { ...event, error: any ?? (event.error as { code?: unknown }).code } : { ...event },
  )
}

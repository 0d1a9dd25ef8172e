import type { Event } from "../index.js"
import { toJsonFrame } from "./formats/json.js"

/** What an event tells, as values for JSON. */
export function describeEvent(event: Event): Record<string, unknown> {
  const { error: _, reason: __, ...told }: Record<string, unknown> = { ...event }
  // What is told of peers is not enumerable.
  if ("peerAddress" in event) told.peerAddress = event.peerAddress
  if ("peerSocketType" in event) told.peerSocketType = event.peerSocketType
  if ("peerRoutingId" in event && event.peerRoutingId) told.peerRoutingId = toJsonFrame(event.peerRoutingId)
  if ("error" in event) told.error = sayError(event.error)
  if ("reason" in event && event.reason) told.reason = sayError(event.reason)
  return told
}

const labels: Record<string, string> = {
  peerAddress: "peer",
  peerSocketType: "type",
  peerRoutingId: "id",
  interval: "in ms",
}

/** What an event tells, in a line. */
export function sayEvent(event: Event): string {
  const { type, address, ...rest } = describeEvent(event)
  const words = [type, address].filter((word) => word !== undefined)
  for (const [name, value] of Object.entries(rest)) {
    words.push(`${labels[name] ?? name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
  }
  return words.join(" ")
}

/** What a failed handshake tells, where the peer's own address, which changes each time, says nothing. */
export function sayFailure(event: Event): string {
  const { address, error } = describeEvent(event)
  return `No connection at ${address}: ${error}`
}

function sayError(error: Error & { code?: string; status?: number }): string {
  const code = error.code ?? error.status
  return code === undefined ? error.message : `${error.message} (${code})`
}

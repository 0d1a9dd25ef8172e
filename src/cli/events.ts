import type { Event } from "../index.js"
import { toJsonFrame } from "./formats/json.js"

/** What an event tells, as values for JSON. */
export function describeEvent(event: Event): Record<string, unknown> {
  const told: Record<string, unknown> = { ...event }
  if ("error" in event) told.error = sayError(event.error)
  if ("reason" in event && event.reason !== undefined) told.reason = sayError(event.reason)
  if ("peerAddress" in event && event.peerAddress !== undefined) told.peerAddress = event.peerAddress
  if ("peerSocketType" in event && event.peerSocketType !== undefined)
    told.peerSocketType = event.peerSocketType
  if ("peerRoutingId" in event && event.peerRoutingId !== undefined) {
    told.peerRoutingId = toJsonFrame(event.peerRoutingId)
  }
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

function sayError(error: Error & { code?: string }): string {
  return error.code === undefined ? error.message : `${error.message} (${error.code})`
}

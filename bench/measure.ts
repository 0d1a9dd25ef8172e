import type { Case, Side } from "./cases.js"
import type { Peer } from "./peer.js"
import { runMeters } from "./run-meters.js"

const wildcards = { tcp: "tcp://127.0.0.1:*", ipc: "ipc://*" }

/** Runs one case, each side and a proxy in a process of its own, and resolves with what it measured in the case's unit. */
export function measure(measured: Case, peer: Peer, sides: Record<Side, Peer>): Promise<number> {
  const { meter, transport, unit, width, size, counts, proxied, curve } = measured
  const numbers = [width, size, counts[peer.name]].filter((number) => number !== undefined).map(String)
  return runMeters(async (startMeter) => {
    const start = (side: Peer, name: string, ...addresses: string[]) =>
      startMeter([...side.meter(name), ...addresses, ...numbers, ...(curve ? ["--curve"] : [])])
    if (transport === "inproc") return readResult(await start(peer, meter).ended)
    const local = start(sides.local, `local-${meter}`, wildcards[transport])
    let endpoints = await local.endpoints()
    if (proxied)
      endpoints = await start(peer, `proxy-${meter}`, wildcards[transport], ...endpoints).endpoints()
    const remote = start(sides.remote, `remote-${meter}`, ...endpoints)
    const outputs = await Promise.all([local.ended, remote.ended])
    const result = readResult(outputs.join(""))
    return unit === "Gb/s" ? (result * size * 8) / 1e9 : result
  })
}

function readResult(output: string): number {
  const pattern =
    /^(?:mean throughput|average latency): ([\d.]+) \[(?:msg\/s|roundtrips\/s|deliveries\/s|us)\]\r?$/m
  const result = Number(pattern.exec(output)?.[1])
  if (!(result > 0)) throw new Error("No result was printed")
  return result
}

import type { Case, Side } from "./cases.js"
import { MeterProcess } from "./meter-process.js"
import type { Peer } from "./peer.js"

const wildcards = { tcp: "tcp://127.0.0.1:*", ipc: "ipc://*" }

/** Runs one case, each side in a process of its own, and resolves with what it measured in the case's unit. */
export async function measure(measured: Case, peer: Peer, sides: Record<Side, Peer>): Promise<number> {
  const { meter, transport, unit, width, size, counts } = measured
  const numbers = [width, size, counts[peer.name]].filter((number) => number !== undefined).map(String)
  const running: MeterProcess[] = []
  const start = (side: Peer, name: string, ...addresses: string[]) => {
    const process = new MeterProcess([...side.meter(name), ...addresses, ...numbers])
    running.push(process)
    return process
  }
  try {
    if (transport === "inproc") return readResult(await start(peer, meter).ended)
    const local = start(sides.local, `local-${meter}`, wildcards[transport])
    const remote = start(sides.remote, `remote-${meter}`, ...(await local.endpoints()))
    const outputs = await Promise.all([local.ended, remote.ended])
    const result = readResult(outputs.join(""))
    return unit === "Gb/s" ? (result * size * 8) / 1e9 : result
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const reports = running.map((process) => process.report())
    throw new Error([reason, ...reports].join("\n"))
  } finally {
    for (const process of running) process.kill()
  }
}

function readResult(output: string): number {
  const pattern =
    /^(?:mean throughput|average latency): ([\d.]+) \[(?:msg\/s|roundtrips\/s|deliveries\/s|us)\]\r?$/m
  const result = Number(pattern.exec(output)?.[1])
  if (!(result > 0)) throw new Error("No result was printed")
  return result
}

import type { Case } from "./cases.js"
import { MeterProcess } from "./meter-process.js"
import type { Peer } from "./peers.js"

/** Runs one case on one peer, in processes of its own: messages a second, or microseconds of latency. */
export async function measure(measured: Case, peer: Peer): Promise<number> {
  const { title, meter, size, counts } = measured
  const running: MeterProcess[] = []
  const start = (name: string, ...address: string[]) => {
    const process = new MeterProcess([...peer.meter(name), ...address, `${size}`, `${counts[peer.name]}`])
    running.push(process)
    return process
  }
  try {
    if (meter === "inproc-thr") return readResult(await start("inproc-thr").ended)
    const local = start(`local-${meter}`, "tcp://127.0.0.1:*")
    const remote = start(`remote-${meter}`, await local.endpoint())
    const outputs = await Promise.all([local.ended, remote.ended])
    return readResult(outputs.join(""))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const reports = running.map((process) => process.report())
    throw new Error([`${title} on ${peer.name}: ${reason}`, ...reports].join("\n"))
  } finally {
    for (const process of running) process.kill()
  }
}

function readResult(output: string): number {
  const result = /^(?:mean throughput: ([\d.]+) \[msg\/s\]|average latency: ([\d.]+) \[us\])\r?$/m.exec(
    output,
  )
  if (!result) throw new Error("No result was printed")
  return Number(result[1] ?? result[2])
}

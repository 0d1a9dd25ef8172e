import type { SocketCore } from "../core/socket.js"
import { ZmqError } from "../errors.js"

/** Where {@link Socket.bindToRandomPort} looks for a port. */
export interface PortRange {
  /** The least port, from 1; 49152 by default, where ports for any use begin (RFC 6335). */
  min?: number
  /** The greatest port, up to 65535, which is the default. */
  max?: number
  /** How many ports are tried before it gives up; 100 by default. */
  attempts?: number
}

/** Binds at a free port and resolves with it. Throws EINVAL. */
export function bindToRandomPort(inside: SocketCore, address: string, range?: PortRange): Promise<number> {
  if (/^(ipc|inproc):/.test(address)) {
    throw new ZmqError("EINVAL", { address, message: "There are no ports within a machine." })
  }
  if (range === undefined) return bindAt(inside, `${address}:*`)
  const { min = 49_152, max = 65_535, attempts = 100 } = range
  const whole = [min, max, attempts].every(Number.isInteger)
  if (!whole || min < 1 || max > 65_535 || min > max || attempts < 1) {
    throw new ZmqError("EINVAL", { address, message: "A range of ports goes from 1 to 65535." })
  }
  return tryPorts(inside, address, { min, max, attempts })
}

async function tryPorts(
  inside: SocketCore,
  address: string,
  { min, max, attempts }: Required<PortRange>,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = min + Math.floor(inside.random() * (max - min + 1))
    try {
      return await bindAt(inside, `${address}:${port}`)
    } catch (error) {
      if (attempt === attempts || !isTaken(error)) throw error
    }
  }
}

async function bindAt({ endpoints }: SocketCore, address: string): Promise<number> {
  return Number(/:(\d+)\/?$/.exec(await endpoints.listen(address))?.[1])
}

/** Another has the port, or it is not for everybody. */
function isTaken(error: unknown): boolean {
  return error instanceof ZmqError && (error.code === "EADDRINUSE" || error.code === "EACCES")
}

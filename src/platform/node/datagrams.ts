import type dgram from "node:dgram"
import { networkInterfaces } from "node:os"
import type { DatagramAddress } from "../../datagram.js"
import type {
  DatagramHandler,
  DatagramPlan,
  DatagramPlatform,
  DatagramSocket,
} from "../../transports/datagrams.js"
import type { TransportSettings } from "../../transports/transport.js"

/** What the system takes for a multicast's time to live. */
const MOST_HOPS = 255

/** How a socket of IPv6 writes an address of IPv4. */
const MAPPED = "::ffff:"

let library: typeof dgram | undefined

/** Datagrams on node:dgram, which is loaded when the first udp:// address is used. */
export const nodeDatagrams: DatagramPlatform = {
  open: (plan, settings, handler) => {
    library ??= process.getBuiltinModule("node:dgram")
    const socket = library.createSocket({
      type: plan.ipv6 ? "udp6" : "udp4",
      // Members of a group share its port.
      reuseAddr: plan.group !== undefined,
      // Addresses are numbers already: so binding is done at once, and sending looks nothing up.
      lookup: (host, _options, callback) => callback(null, host, plan.ipv6 ? 6 : 4),
      ...bufferSizes(settings),
    })
    try {
      return new NodeDatagrams(socket, plan, settings, handler)
    } catch (error) {
      socket.close()
      throw error
    }
  },
}

function bufferSizes(settings: TransportSettings): { recvBufferSize?: number; sendBufferSize?: number } {
  const { receiveBufferSize, sendBufferSize } = settings
  return {
    ...(receiveBufferSize > 0 && { recvBufferSize: receiveBufferSize }),
    ...(sendBufferSize > 0 && { sendBufferSize }),
  }
}

class NodeDatagrams implements DatagramSocket {
  private readonly socket: dgram.Socket
  private readonly ipv6: boolean
  private closed = false

  constructor(
    socket: dgram.Socket,
    plan: DatagramPlan,
    settings: TransportSettings,
    handler: DatagramHandler,
  ) {
    this.socket = socket
    this.ipv6 = plan.ipv6
    let failure: Error | undefined
    let bound = false
    socket.on("error", (error) => {
      if (!bound) failure = error
      else if (!this.closed) handler.failed(error)
    })
    socket.on("message", (bytes, { address, port }) => {
      if (!this.closed) handler.received(bytes, { host: toIpv4(address), port })
    })
    const any = plan.ipv6 ? "::" : "0.0.0.0"
    const { local = { host: any, port: 0 } } = plan
    // Who joins a group hears what comes for it to whatever address.
    const host = plan.group === undefined ? local.host : any
    socket.bind({ address: host, port: local.port, exclusive: true })
    if (failure !== undefined) throw failure
    bound = true
    socket.unref()
    socket.setMulticastTTL(Math.min(settings.multicastHops, MOST_HOPS))
    socket.setMulticastLoopback(settings.multicastLoop)
    if (plan.group !== undefined) this.joinMulticast(plan, plan.group)
  }

  private joinMulticast(plan: DatagramPlan, group: string): void {
    const { socket } = this
    const way = plan.interface === undefined ? undefined : multicastInterface(plan.interface, plan.ipv6)
    if (plan.local !== undefined) socket.addMembership(group, way)
    if (way !== undefined) socket.setMulticastInterface(way)
  }

  get local(): DatagramAddress {
    const { address, port } = this.socket.address()
    return { host: address, port }
  }

  send(bytes: Uint8Array, to: DatagramAddress, done: (error: Error | null) => void): void {
    if (this.closed) return
    const mapped = this.ipv6 && !to.host.includes(":")
    this.socket.send(bytes, to.port, mapped ? `${MAPPED}${to.host}` : to.host, done)
  }

  close(): Promise<void> {
    if (this.closed) return Promise.resolve()
    this.closed = true
    return new Promise((resolve) => this.socket.close(() => resolve()))
  }
}

function toIpv4(address: string): string {
  return address.startsWith(MAPPED) && address.includes(".") ? address.slice(MAPPED.length) : address
}

/** An interface as the system wants it: the address of one of IPv4, the zone of one of IPv6. */
function multicastInterface(wanted: string, ipv6: boolean): string {
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    for (const { address, family } of addresses) {
      if (name !== wanted && address !== wanted) continue
      if (ipv6) return `::%${name}`
      if (family === "IPv4") return address
    }
  }
  throw Object.assign(new Error(`${wanted} is no interface of this machine.`), { code: "ENODEV" })
}

import { isIP, type Socket } from "node:net"
import type { TransportSettings } from "../../transports/transport.js"
import type { WebSocketTarget } from "../../transports/websocket-platform.js"
import { webSocketLibraries } from "./websocket-library.js"

/** The client's side of TLS on a connected socket. */
export function secureSocket(socket: Socket, { host }: WebSocketTarget, settings: TransportSettings): Socket {
  const name = settings.wssHostname ?? host
  return webSocketLibraries().tls.connect({
    socket,
    // What the certificate has to be for; a numeric address is not told to the server (RFC 6066, section 3).
    host: name,
    servername: isIP(name) ? "" : name,
    ...trusted(settings),
  })
}

function trusted({ wssTrustPem, wssTrustSystem }: TransportSettings): { ca?: string[] } {
  const own = wssTrustPem === null ? [] : [wssTrustPem]
  if (!wssTrustSystem) return { ca: own }
  // Without a list the runtime takes its own.
  return wssTrustPem === null ? {} : { ca: [...own, ...webSocketLibraries().tls.rootCertificates] }
}

/** What who listens shows. Throws when there is nothing to show. */
export function serverIdentity({ wssKeyPem, wssCertPem }: TransportSettings): { key: string; cert: string } {
  if (wssKeyPem === null || wssCertPem === null) {
    throw new Error("Binding to wss wants the options wssKeyPem and wssCertPem.")
  }
  return { key: wssKeyPem, cert: wssCertPem }
}

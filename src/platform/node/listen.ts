import { existsSync, renameSync, statSync, unlinkSync } from "node:fs"
import net from "node:net"
import { networkInterfaces } from "node:os"
import { dirname, join } from "node:path"
import { getSystemErrorName } from "node:util"
import type { Conn } from "../../link/conn.js"
import type { StreamListener, StreamTarget } from "../../transports/stream.js"
import type { TransportSettings } from "../../transports/transport.js"
import { Arrivals } from "./arrivals.js"
import { localAddress } from "./local-address.js"

interface ServerHandle {
  listen(backlog: number): number
  close(): void
}

type CreateServerHandle = (
  address: string,
  port: number,
  type: 4 | 6 | -1,
  fd: undefined,
  flags: number,
) => ServerHandle | number

/** Bind IPv6 and IPv4 alike. */
const DUAL_STACK = 0

/** Listens at once. */
export function listen(
  target: StreamTarget,
  settings: TransportSettings,
  accept: (conn: Conn) => void,
  failed: (error: Error) => void,
): StreamListener {
  if (settings.useFd >= 0) return takeOver(settings, accept, failed)
  return target.kind === "tcp"
    ? listenTcp(target.host, target.port, settings, accept, failed)
    : listenPath(target.path, settings, accept, failed)
}

function listenTcp(
  host: string,
  port: number,
  settings: TransportSettings,
  accept: (conn: Conn) => void,
  failed: (error: Error) => void,
): StreamListener {
  const arrivals = new Arrivals(accept, failed, settings.maxHandshakes)
  const server = createServer(settings, arrivals, failed)
  listenAtOnce(server, host, port, settings.backlog)
  const bound = server.address() as net.AddressInfo
  return { host: bound.address, port: bound.port, close: () => close(server, arrivals) }
}

/** Goes on with a file that somebody else bound; a path stays his when it is closed. */
function takeOver(
  settings: TransportSettings,
  accept: (conn: Conn) => void,
  failed: (error: Error) => void,
): StreamListener {
  const arrivals = new Arrivals(accept, failed, settings.maxHandshakes)
  const server = createServer(settings, arrivals, failed)
  attachFile(server, settings)
  const bound = server.address()
  const { address: host = "", port = 0 } = typeof bound === "object" && bound !== null ? bound : {}
  return { host, port, close: () => close(server, arrivals) }
}

/**
 * Binds under another name in the same folder and renames that over `path`: so a stale file is replaced as a
 * whole, and closing, when libuv unlinks the name that it bound, cannot take away the socket of a successor.
 */
function listenPath(
  path: string,
  settings: TransportSettings,
  accept: (conn: Conn) => void,
  failed: (error: Error) => void,
): StreamListener {
  const arrivals = new Arrivals(accept, failed, settings.maxHandshakes)
  const server = createServer(settings, arrivals, failed)
  const windows = process.platform === "win32"
  if (path.startsWith("\0") || windows) {
    listenOnPath(server, localAddress(path, windows), settings.backlog)
    return { host: "", port: 0, close: () => close(server, arrivals) }
  }
  const temporary = temporaryName(path)
  listenOnPath(server, temporary, settings.backlog)
  try {
    renameSync(temporary, path)
  } catch {
    server.close()
    // A folder, or somebody else's file.
    throw errorOf("EADDRINUSE")
  }
  const { ino } = statSync(path)
  return {
    host: "",
    port: 0,
    close: () => {
      // Whatever has become of the file, nobody is to be accepted any more.
      const closed = close(server, arrivals)
      if (statSync(path, { throwIfNoEntry: false })?.ino === ino) unlinkSync(path)
      return closed
    },
  }
}

/** Listening on a path is done at once, but its failure is told in another turn; so a handle tries it first. */
function listenOnPath(server: net.Server, path: string, backlog: number): void {
  const missing = !path.startsWith("\0") && process.platform !== "win32" && !existsSync(dirname(path))
  if (missing) throw errorOf("ENOENT")
  if (createServerHandle !== undefined) createHandle(createServerHandle, path, -1, -1).close()
  server.listen({ path, backlog })
  if (!server.listening) throw errorOf("EADDRINUSE")
  server.unref()
}

/** No longer than the path itself, whose length is known to fit. */
function temporaryName(path: string): string {
  const folder = dirname(path)
  const room = path.length - (folder === "." && !path.startsWith("./") ? 0 : folder.length + 1)
  // Chance that nobody could guess would cost the loading of node:crypto, several milliseconds.
  const chance = Math.floor(Math.random() * 2 ** 52).toString(36)
  return join(folder, chance.slice(-Math.max(room, 8)))
}

/** Node's own way to a handle that is bound already, undocumented as it is. */
const createServerHandle = (net as unknown as { _createServerHandle?: CreateServerHandle })
  ._createServerHandle

/**
 * Listens on a numeric address. `server.listen` of Node looks even that up and so binds later, in another turn;
 * `bindSync` and `lastEndpoint` must know at once. Runtimes that have no such handles do bind in the call.
 */
export function listenAtOnce(server: net.Server, host: string, port: number, backlog: number): void {
  if (createServerHandle === undefined) {
    server.listen({ host, port, backlog })
    if (!server.listening) throw errorOf(guessFailure(host))
  } else {
    const handle = createHandle(createServerHandle, host, port, host.includes(":") ? 6 : 4)
    // Listening here first tells the error at once; the server would tell it in another turn.
    const failure = handle.listen(backlog)
    if (failure !== 0) {
      handle.close()
      throw systemError(failure)
    }
    server.listen(handle, backlog)
  }
  server.unref()
}

function createHandle(
  create: CreateServerHandle,
  address: string,
  port: number,
  type: 4 | 6 | -1,
): ServerHandle {
  const handle = create(address, port, type, undefined, DUAL_STACK)
  if (typeof handle === "number") throw systemError(handle)
  return handle
}

/** Why nobody can listen there, where the runtime tells it in another turn. */
function guessFailure(host: string): string {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const any = host === "0.0.0.0" || host === "::" || host.startsWith("127.")
  return any || own.some(({ address }) => address === host) ? "EADDRINUSE" : "EADDRNOTAVAIL"
}

/** Listens with a file that listens already. */
export function attachFile(server: net.Server, { useFd: fd, backlog }: TransportSettings): void {
  server.listen({ fd, backlog })
  // What is wrong is told in another turn.
  if (!server.listening) throw errorOf("EINVAL")
  server.unref()
}

function createServer(
  settings: TransportSettings,
  arrivals: Arrivals,
  failed: (error: Error) => void,
): net.Server {
  const { tcpKeepalive, tcpKeepaliveIdle } = settings
  const server = net.createServer({
    noDelay: true,
    // Nothing may be read before the connection knows where to.
    pauseOnConnect: true,
    ...(tcpKeepalive >= 0 && { keepAlive: tcpKeepalive === 1 }),
    ...(tcpKeepaliveIdle > 0 && { keepAliveInitialDelay: tcpKeepaliveIdle * 1000 }),
  })
  server.on("connection", (socket) => arrivals.add(socket))
  // A connection that could not be accepted, for want of file descriptors say, is the peer's to try again.
  server.on("error", (error) => {
    if (server.listening) failed(error)
  })
  return server
}

function close(server: net.Server, arrivals: Arrivals): Promise<void> {
  arrivals.close()
  return new Promise((resolve) => {
    // The handle is closed at once; the callback waits for accepted connections, which are not ours to wait for.
    server.close()
    setImmediate(resolve)
  })
}

function systemError(errno: number): Error {
  return errorOf(getSystemErrorName(errno))
}

function errorOf(code: string): Error {
  return Object.assign(new Error(code), { code })
}

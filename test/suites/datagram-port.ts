import { createSocket } from "node:dgram"
import { once } from "node:events"

/** A port of UDP that nobody listens at. */
export async function vacantDatagramPort(): Promise<number> {
  const socket = createSocket("udp4")
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  const { port } = socket.address()
  socket.close()
  await once(socket, "close")
  return port
}

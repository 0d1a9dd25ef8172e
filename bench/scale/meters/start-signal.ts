// Feeders wait until all of them have been heard, so that who came first has no start.
import { Pull, Push } from "puremq"

/** Says hello over each socket, and resolves when whoever hears it wants them to begin. */
export async function awaitStart(pushes: readonly Push[]): Promise<void> {
  const pull = new Pull()
  await pull.bind("tcp://127.0.0.1:*")
  for (const push of pushes) await push.send(pull.lastEndpoint as string)
  await pull.receive()
  pull.close()
}

/** What is fed begins with a zero or a one. */
export function isHello(body: Buffer): boolean {
  return Number(body[0]) > 1
}

export async function giveStart(hello: Buffer): Promise<void> {
  const push = new Push()
  push.connect(hello.toString())
  await push.send("")
  push.close()
}

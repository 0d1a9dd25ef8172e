// A program that bundlers are given.
import { Reply, Request } from "puremq"

export async function talk(address: string): Promise<string> {
  const [reply, request] = [new Reply({ linger: 0 }), new Request({ linger: 0 })]
  await reply.bind(address)
  request.connect(reply.lastEndpoint as string)
  await request.send("question")
  await reply.send(["answer to", ...(await reply.receive())])
  return (await request.receive()).join(" ")
}

console.log(await talk("inproc://bundled"))

// What a bundled program does on Node: all transports, and CURVE, whose parts are loaded later.
import { curveKeyPair, Pair } from "puremq"
import { talk } from "./bundled.js"

for (const address of ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"]) console.log(await talk(address))

const keys = curveKeyPair()
const server = new Pair({ linger: 0, curveServer: true, curveSecretKey: keys.secretKey })
const client = new Pair({
  linger: 0,
  curveServerKey: keys.publicKey,
  curvePublicKey: keys.publicKey,
  curveSecretKey: keys.secretKey,
})
await server.bind("tcp://127.0.0.1:*")
client.connect(server.lastEndpoint as string)
await client.send("sealed")
console.log(String(await server.receive()))

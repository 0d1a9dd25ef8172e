// CURVE as a browser runs it: without Buffer, and without any module of Node's.
delete (globalThis as { Buffer?: unknown }).Buffer

const { CryptoLoader, portableBackends } = await import("#src/security/crypto/loader.js")
const { createCurveClient, createCurveServer } = await import("#src/security/curve/mechanisms.js")
const { nobleKeys } = await import("#src/security/crypto/noble-keys.js")

const encoder = new TextEncoder()
const properties = new Map([["Socket-Type", encoder.encode("PAIR") as Buffer]])

for (const candidate of portableBackends) {
  const loader = new CryptoLoader([candidate])
  const { name } = await loader.load()
  const keys = nobleKeys.createKeyPair()
  const client = createCurveClient(loader, properties, {
    ...nobleKeys.createKeyPair(),
    serverKey: keys.publicKey,
  })
  const server = createCurveServer(loader, properties, keys.secretKey)
  for (const [speaker, listener] of [
    [client, server],
    [server, client],
    [client, server],
    [server, client],
  ] as const) {
    const body = speaker.next()
    if (body !== undefined) listener.handle(body)
  }
  const opened: Uint8Array[] = []
  const opener = server.protection?.createOpener(100, (frames) => opened.push(frames))
  const sealed = client.protection?.sealer.seal([Uint8Array.of(0, 1, 0x61)]) ?? []
  for (const bytes of sealed) opener?.open(bytes)
  const socketType = new TextDecoder().decode(server.peerProperties.get("Socket-Type"))
  console.log(name, socketType, opened.map((frames) => Array.from(frames).join()).join(" "))
}

// What CURVE costs, without a network: sealing and opening batches of frames, and handshakes, by each library.
//
//   npm run bench:curve

import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import { loadSodiumNative } from "#src/platform/node/sodium-native.js"
import { type CryptoBackend, createKeyPair } from "#src/security/crypto/backend.js"
import { loadLibsodium } from "#src/security/crypto/libsodium.js"
import { loadNoble } from "#src/security/crypto/noble.js"
import { CurveClient } from "#src/security/curve/client.js"
import { CurveServer } from "#src/security/curve/server.js"
import type { Protection } from "#src/security/mechanism.js"
import { Encoder } from "#src/wire/encoder.js"
import { SlabPool } from "#src/wire/slab-pool.js"
import { median } from "./statistics.js"
import { drawTable } from "./table.js"

const MILLISECONDS = 1000
const ROUNDS = 5
/** Between two looks at the clock. */
const CALLS = 4
const properties = new Map([["Socket-Type", Buffer.from("PAIR")]])

/** The median of some rounds, in calls a second of the processor's time: what else runs does not count. */
function rate(action: () => void): number {
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = spent()
    let count = 0
    let elapsed = 0
    while ((elapsed = spent() - start) < MILLISECONDS / ROUNDS) {
      for (let call = 0; call < CALLS; call++) action()
      count += CALLS
    }
    rates.push((count / elapsed) * 1000)
  }
  return median(rates) as number
}

function spent(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function shake(backend: CryptoBackend): [Protection, Protection] {
  const keys = createKeyPair(backend)
  const client = new CurveClient(properties, backend, {
    ...createKeyPair(backend),
    serverKey: keys.publicKey,
  })
  const server = new CurveServer(properties, { backend, secretKey: keys.secretKey })
  for (let turn = 0; turn < 4; turn++) {
    const [speaker, listener] = turn % 2 === 0 ? [client, server] : [server, client]
    listener.handle(speaker.next() as Buffer)
  }
  return [client.protection as Protection, server.protection as Protection]
}

/** What the encoder has for the connection after so many messages: one batch. */
function batchOf(size: number, count: number): Uint8Array[] {
  const encoder = new Encoder(new SlabPool())
  const frame = Buffer.alloc(size, 7)
  for (let sent = 0; sent < count; sent++) encoder.push([frame])
  return encoder.take()?.chunks ?? []
}

function measure(backend: CryptoBackend, size: number): { seal: number; both: number } {
  const count = Math.max(1, Math.floor(60_000 / (size + 9)))
  const chunks = batchOf(size, count)
  const [client, server] = shake(backend)
  const seal = rate(() => client.sealer.seal(chunks)) * count
  const opener = server.createOpener(Infinity, () => {})
  const both = rate(() => {
    for (const sealed of client.sealer.seal(chunks)) opener.open(sealed)
  })
  return { seal, both: both * count }
}

async function loadNative(): Promise<CryptoBackend[]> {
  try {
    const file = createRequire(new URL("../../test/peers/package.json", import.meta.url)).resolve(
      "sodium-native",
    )
    return [await loadSodiumNative(pathToFileURL(file).href)]
  } catch {
    return []
  }
}

const rows: string[][] = []
for (const backend of [await loadLibsodium(), await loadNoble(), ...(await loadNative())]) {
  for (const size of [64, 1024, 65_536]) {
    const { seal, both } = measure(backend, size)
    // Sealing and opening follow each other, so their times add up.
    const open = 1 / (1 / both - 1 / seal)
    const megabytes = (perSecond: number): string => ((perSecond * size) / 1e6).toFixed(0)
    rows.push([
      backend.name,
      `${size} B`,
      (seal / 1000).toFixed(0),
      megabytes(seal),
      (open / 1000).toFixed(0),
      megabytes(open),
    ])
  }
  // A test has both sides in one process.
  rows.push([backend.name, "handshake", (rate(() => shake(backend)) / 1000).toFixed(2), "", "", ""])
}
console.log(drawTable(["library", "frame", "sealed k/s", "MB/s", "opened k/s", "MB/s"], rows))

// What compilers of users find by the package's exports, where they look into declarations too.
import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, describe, test } from "node:test"
import { fromRoot } from "../interop/package-root.js"
import { start } from "../interop/process.js"

const folder = mkdtempSync(join(tmpdir(), "puremq-declarations-"))
after(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, "node_modules"))
symlinkSync(fromRoot("."), join(folder, "node_modules/puremq"))

const main = `
import zmq from "puremq"
import * as all from "puremq"
import { Pull, type Event, type MessageLike, type SocketOptions, type Subscriber } from "puremq"
import draft from "puremq/draft"
import { Server } from "puremq/draft"

export const push: all.Push = new zmq.Push()
export const options: SocketOptions<Subscriber> = { linger: 0 }
export const server: Server = new draft.Server()
export const ready: Promise<all.Ready<Pull>[]> = zmq.poll([new Pull()], { timeout: 5 })
export const frames: MessageLike[] = [null, 5, "text"]
export function tell(event: Event): string { return event.type }
`

const old = `
import zmq from "puremq/v5-compat"
import { Socket } from "puremq/v5-compat"

export const socket: Socket = new zmq.Socket("push")
socket.on("message", (frame: Buffer) => frame.length)
`

const page = `
import { attachPort, Push, type Event, type MessageLike, type PollOptions } from "puremq"
import * as zmq from "puremq"
import { Server } from "puremq/draft"

export const socket = new Push()
export const types: [Event?, MessageLike?, PollOptions?] = []
export const values = [attachPort, Server, zmq.Subscriber]
// @ts-expect-error
zmq.curveKeyPair()
// @ts-expect-error
new zmq.Proxy(socket, socket)
`

let programs = 0

/** What the compiler complains of. It has no types of Node's but those that it is told of. */
async function compile(source: string, extension: string, settings: object): Promise<string> {
  const name = `program-${++programs}`
  const file = `${name}.${extension}`
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022", "dom"],
    types: [],
    typeRoots: [fromRoot("node_modules/@types")],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    ...settings,
  }
  writeFileSync(join(folder, file), source)
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ compilerOptions, files: [file] }))
  await using program = start(
    process.execPath,
    fromRoot("node_modules/typescript/bin/tsc"),
    "-p",
    join(folder, `${name}.json`),
  )
  await program.exit()
  return program.lines.join("\n")
}

const node16 = { module: "node16" }
const nodenext = { module: "nodenext" }
const bundler = { module: "esnext", moduleResolution: "bundler" }

describe("declarations are without a fault", { concurrency: true }, () => {
  for (const [what, source, extension, settings] of [
    ["a module", main, "mts", node16],
    ["a module", main, "mts", nodenext],
    ["CommonJS", main, "cts", nodenext],
    ["what a bundler gets", main, "ts", bundler],
    ["a module of the old API", old, "mts", { ...nodenext, types: ["node"], lib: ["es2022"] }],
    ["CommonJS of the old API", old, "cts", { ...nodenext, types: ["node"], lib: ["es2022"] }],
    ["what a bundler for pages gets", page, "ts", { ...bundler, customConditions: ["browser"] }],
    ["beside the types of Node", main, "mts", { ...nodenext, types: ["node"], lib: ["esnext", "dom"] }],
  ] as const) {
    test(`${what}: ${JSON.stringify(settings)}`, async () => {
      assert.equal(await compile(source, extension, settings), "")
    })
  }
})

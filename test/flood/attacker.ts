// Usage: node build/test/flood/attacker.js <plan as JSON>: peers that mean no good, in a process of their own.
import { connect, type Socket } from "node:net"
import { COMMAND, command, frame, greeting, longHeader, MORE, message, ready } from "../wire/zmtp-bytes.js"
import {
  type AttackerPlan,
  type AttackerReport,
  type AttackName,
  LARGEST_FRAME,
  REQUEST_BYTES,
} from "./plan.js"

const plan = JSON.parse(process.argv[2] ?? "") as AttackerPlan
const { hostname, port } = new URL(plan.address)

/** So many frames or topics are written at a time. */
const PIECES = 5000
/** Nobody is dialled faster: what is to be tested is not the system's queue. */
const DIALS_A_TURN = 50
const AGAIN = 10

const opening = (type: string): Buffer => Buffer.concat([greeting(), ready(type)])
const more = Buffer.concat(Array.from({ length: PIECES }, () => frame(MORE, "x")))
const request = message("", Buffer.alloc(REQUEST_BYTES))
let topics = 0

/** Writes what `next` makes as long as there is somebody to take it. */
function pour(socket: Socket, next: () => Buffer): void {
  while (!socket.destroyed && socket.write(next())) if (socket.writableLength > 0) break
  if (!socket.destroyed) socket.once("drain", () => pour(socket, next))
}

const attacks: Readonly<Record<AttackName, (socket: Socket) => void>> = {
  silence: () => {},
  "half-a-greeting": (socket) => void socket.write(greeting().subarray(0, 63)),
  trickle: (socket) => {
    let at = 0
    const bytes = greeting()
    const timer = setInterval(() => {
      if (socket.destroyed || at === bytes.length - 1) clearInterval(timer)
      else socket.write(bytes.subarray(at++, at))
    }, 100)
  },
  "half-a-command": (socket) => {
    socket.write(Buffer.concat([greeting(), longHeader(COMMAND, 262_144n), Buffer.alloc(100_000)]))
  },
  "too-large-a-frame": (socket) => {
    socket.write(Buffer.concat([opening("DEALER"), longHeader(0, 2n ** 63n)]))
  },
  "an-announcement": (socket) => {
    socket.write(Buffer.concat([opening("DEALER"), longHeader(0, BigInt(LARGEST_FRAME))]))
  },
  "endless-message": (socket) => {
    socket.write(opening("DEALER"))
    pour(socket, () => more)
  },
  "endless-subscriptions": (socket) => {
    socket.write(opening("SUB"))
    pour(socket, () =>
      Buffer.concat(Array.from({ length: PIECES }, () => command("SUBSCRIBE", `topic ${topics++}`))),
    )
  },
  "come-and-go": (socket) => {
    socket.write(opening("DEALER"), () => socket.destroy())
  },
  "unread-replies": (socket) => {
    socket.pause()
    socket.write(opening("DEALER"))
    pour(socket, () => request)
  },
  "unread-publications": (socket) => {
    socket.pause()
    socket.write(Buffer.concat([opening("SUB"), command("SUBSCRIBE", "")]))
  },
}

let made = 0
function dial(): void {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.once("connect", () => {
    if (++made === plan.connections) process.send?.({ complete: true } satisfies AttackerReport)
    socket.resume()
    attacks[plan.attack](socket)
  })
  socket.on("error", () => {})
  socket.on("close", () => setTimeout(dial, AGAIN))
}

let dialled = 0
function dialSome(): void {
  for (let count = 0; count < DIALS_A_TURN && dialled < plan.connections; count++, dialled++) dial()
  if (dialled < plan.connections) setTimeout(dialSome, 5)
}

process.on("disconnect", () => process.exit())
dialSome()

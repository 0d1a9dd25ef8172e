// What each side of each pattern does for as long as a round lasts.
import { readLetter } from "../letters/letter.js"
import { hasCode } from "../suites/talk.js"
import type { PatternName, Side } from "./protocol.js"
import type { Stage } from "./stage.js"

/** Milliseconds after which a request is asked again, through a new socket. */
const REQUEST_TIMEOUT = 400

/** Plays a part; resolves when its socket is closed and nothing of it is pending. */
export function play(stage: Stage): Promise<unknown> {
  const { pattern, side } = stage.plan
  return parts[pattern][side](stage)
}

type Part = (stage: Stage) => Promise<unknown>

const parts: Readonly<Record<PatternName, Readonly<Record<Side, Part>>>> = {
  push: { connect: push, bind: pull },
  publish: { connect: subscribe, bind: publish },
  dealer: { connect: deal, bind: route },
  request: { connect: request, bind: reply },
}

async function push(stage: Stage): Promise<void> {
  const socket = new stage.zmq.Push(stage.writes)
  await stage.open(socket)
  await stage.write((frames) => socket.send(frames))
}

async function pull(stage: Stage): Promise<void> {
  const socket = new stage.zmq.Pull(stage.reads)
  await stage.open(socket)
  await stage.read(
    () => socket.receive(),
    (frames) => stage.enter(readLetter(frames)),
  )
}

async function publish(stage: Stage): Promise<void> {
  const socket = new stage.zmq.Publisher(stage.writes)
  await stage.open(socket)
  await stage.write((frames) => socket.send(frames))
}

async function subscribe(stage: Stage): Promise<void> {
  const socket = new stage.zmq.Subscriber(stage.reads)
  socket.subscribe()
  await stage.open(socket)
  await stage.read(
    () => socket.receive(),
    (frames) => stage.enter(readLetter(frames)),
  )
}

async function deal(stage: Stage): Promise<void> {
  const socket = new stage.zmq.Dealer({ ...stage.reads, ...stage.writes })
  await stage.open(socket)
  await Promise.all([
    stage.write((frames) => socket.send(frames)),
    stage.read(
      () => socket.receive(),
      (frames) => stage.enter(readLetter(frames)),
    ),
  ])
}

/** Answers each letter with one of its own; a peer that has gone gets none. */
async function route(stage: Stage): Promise<void> {
  const socket = new stage.zmq.Router({ ...stage.reads, ...stage.writes, mandatory: true })
  await stage.open(socket)
  let peer: Buffer | undefined
  let newest = 0
  const reading = stage.read(
    () => socket.receive(),
    ([id, ...frames]) => {
      const letter = readLetter(frames)
      stage.enter(letter)
      // What a peer had sent over an earlier connection may be read after the first of a later one.
      const age = letter.sender * 2 ** 32 + letter.sequence
      if (age < newest) return
      newest = age
      peer = id
    },
  )
  const writing = stage.write(async (frames) => {
    for (;;) {
      if (peer === undefined) {
        if (stage.isClosing) return
        await stage.pause()
        continue
      }
      try {
        await socket.send([peer, ...frames])
        return
      } catch (error) {
        // It has gone: the next that is heard of gets this letter.
        if (!hasCode(error, "EHOSTUNREACH")) throw error
        peer = undefined
      }
    }
  })
  await Promise.all([reading, writing])
}

/** Asks again when no answer comes in time. */
async function request(stage: Stage): Promise<void> {
  const { author, zmq } = stage
  const open = async () => {
    const options = {
      ...stage.reads,
      ...stage.writes,
      sendTimeout: REQUEST_TIMEOUT,
      receiveTimeout: REQUEST_TIMEOUT,
    }
    const socket = new zmq.Request(options)
    await stage.open(socket)
    return socket
  }
  let socket = await open()
  for (;;) {
    await stage.pace()
    if (stage.isClosing) return
    const isLast = stage.isFinishing
    const frames = author.next()
    stage.accepted(frames)
    try {
      await socket.send(frames)
      const letter = readLetter(await socket.receive())
      if (letter.sequence !== author.sequence || letter.sender !== author.sender) {
        throw new Error(`The answer to ${letter.sequence} came to ${author.sequence}`)
      }
      stage.enter(letter)
      if (isLast) break
    } catch (error) {
      if (stage.isClosing) return
      if (!hasCode(error, "EAGAIN")) throw error
      stage.retries++
      stage.discard(socket)
      socket = await open()
    }
  }
  stage.say({ report: "finished", sequence: author.sequence })
}

async function reply(stage: Stage): Promise<void> {
  const socket = new stage.zmq.Reply({ ...stage.reads, ...stage.writes })
  await stage.open(socket)
  await stage.read(
    () => socket.receive(),
    async (frames) => {
      stage.enter(readLetter(frames))
      await stage.settled(() => socket.send(frames))
    },
  )
}

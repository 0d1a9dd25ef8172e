// What a link to another thread tells of itself in the memory that both share.
import assert from "node:assert/strict"
import { test } from "node:test"
import { MessageQueue } from "#src/link/inproc.js"
import type { Hello, LinkEnd, LinkOwner, Scheduler } from "#src/link/link.js"
import { ThreadLink } from "#src/link/thread.js"
import { allocateThreadMemory, GRANT, ROOM, ThreadEnd, type Want } from "#src/link/thread-memory.js"
import { ThreadWatch } from "#src/link/thread-watch.js"
import type { Peer } from "#src/peer.js"

/** Grants one more message at the very moment that somebody waits for it. */
class GrantedMeanwhile extends ThreadEnd {
  other!: ThreadEnd

  override get wants(): Want {
    return this.other.otherWants
  }

  override set wants(want: Want) {
    super.wants = want
    if (want === GRANT) this.other.reader.grant(3)
  }
}

test("who is granted a message that there is no room for waits for room", () => {
  const shared = allocateThreadMemory("PULL")
  const memory = new GrantedMeanwhile(shared, 0)
  memory.other = new ThreadEnd(shared, 1)
  memory.other.reader.grant(2)
  const sleeper = { wait: () => {}, nextTurn: () => {}, now: () => 0 }
  const outbox = new MessageQueue()
  const link = new ThreadLink(
    { owner: {} as LinkOwner, hello: { socketType: "DEALER" } as Hello },
    { socketType: "DEALER" } as Peer,
    memory,
    new ThreadWatch(sleeper),
    { flushLater: () => {} } as unknown as Scheduler,
    () => {},
  )
  link.start({ outbox, room: 1, flushed: () => {}, drained: () => {} } as unknown as LinkEnd)
  // Two fit in the ring.
  for (let count = 0; count < 3; count++) outbox.push([Buffer.alloc(2000)])
  assert.equal(outbox.length, 1)
  assert.equal(memory.other.otherWants, ROOM)
})

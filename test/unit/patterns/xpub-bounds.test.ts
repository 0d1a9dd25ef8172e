// What an XPUB keeps of what its subscribers say, and what it makes them wait for.
import assert from "node:assert/strict"
import { test } from "node:test"
import { message, Partner, receives, receivesAll } from "./peers.js"
import { xpub } from "./publishers.js"

/** So many notifications are kept unread. */
const KEPT = 100_000

test("a kept message of another process has small frames of its own memory, one of this process is left as it is", () => {
  for (const foreign of [true, false]) {
    const pattern = xpub()
    const peer = new Partner(pattern, { foreign })
    const sent = message("hello")
    let read = false
    peer.read = () => {
      if (read) return undefined
      read = true
      return sent
    }
    pattern.readable(peer)
    assert.equal(pattern.receive()?.[0] === sent[0], !foreign)
  }
})

test("the frame of a notification is a copy: the read that it came with can go", () => {
  const pattern = xpub()
  const peer = new Partner(pattern)
  const memory = Buffer.from("\x01topic")
  const queue = [[memory]]
  peer.read = () => queue.shift()
  pattern.readable(peer)
  memory.fill(0)
  assert.deepEqual(receives(pattern), ["\x01topic"])
})

test("a peer of another process that wants more topics, or longer ones, than it may have is sent away", () => {
  for (const [limits, topics] of [
    [{ maxSubscriptions: 2 }, ["a", "b", "c"]],
    [{ maxTopicsSize: 5 }, ["aa", "bbb", "c"]],
  ] as const) {
    const pattern = xpub(limits)
    const greedy = new Partner(pattern)
    const local = new Partner(pattern, { foreign: false })
    for (const topic of topics) {
      greedy.says(`\x01${topic}`)
      local.says(`\x01${topic}`)
    }
    assert.equal(greedy.refusals.length, 1)
    assert.equal((greedy.refusals[0] as { code?: string }).code, "ENOBUFS")
    assert.equal(local.refusals.length, 0)
    // What it has it may give up, and ask for again.
    greedy.says(`\x01${topics[0]}`)
    greedy.says(`\0${topics[0]}`)
    assert.equal(greedy.refusals.length, 1)
    assert.deepEqual(
      receivesAll(pattern),
      topics.map((topic) => [`\x01${topic}`]),
    )
  }
})

test("with notifications unread up to the bound, subscribers wait, one behind the other, until some are read", () => {
  const pattern = xpub()
  const [one, two, three] = [new Partner(pattern), new Partner(pattern), new Partner(pattern)]
  for (let count = 0; count < KEPT - 1; count++) one.says("m")
  two.says("\x01last one that fits")
  assert.equal(two.readable, false)
  two.says("\x01two")
  two.says("\x01two again")
  three.says("\x01three")
  one.says("one")
  assert.deepEqual([one.readable, two.readable, three.readable], [true, true, true])
  assert.deepEqual(receives(pattern), ["m"])
  assert.deepEqual([one.readable, two.readable, three.readable], [true, true, true])
  assert.equal(pattern.topicsCount, 2)
  three.leave()
  for (let count = 0; count < KEPT - 2; count++) assert.deepEqual(receives(pattern), ["m"])
  assert.deepEqual(receivesAll(pattern), [
    ["\x01last one that fits"],
    ["\x01two"],
    ["one"],
    ["\x01two again"],
  ])
  assert.deepEqual([one.readable, two.readable], [false, false])
})

test("the bound holds for bytes too: 64 MiB, and what brought it there", () => {
  const pattern = xpub()
  const peer = new Partner(pattern)
  const large = "x".repeat(1 << 20)
  for (let count = 0; count < 31; count++) peer.says(large, large)
  peer.says(large, large.slice(1))
  assert.equal(peer.readable, false)
  peer.says("y")
  assert.equal(peer.readable, false)
  peer.says("z")
  assert.equal(peer.readable, true)
  assert.equal(receives(pattern)?.length, 2)
  assert.equal(peer.readable, false)
  for (let count = 0; count < 31; count++) assert.equal(receives(pattern)?.length, 2)
  assert.deepEqual(receivesAll(pattern), [["y"], ["z"]])
  // All has been taken off the account.
  for (let count = 0; count < 32; count++) peer.says(large, large)
  assert.equal(peer.readable, false)
})

test("a read that brings more does not handle it before the message at hand", () => {
  const pattern = xpub()
  const peer = new Partner(pattern)
  const messages = [message("1"), message("2")]
  peer.read = () => {
    const next = messages.shift()
    // The connection delivers what it held back.
    if (messages.length > 0) pattern.readable(peer)
    return next
  }
  pattern.readable(peer)
  assert.deepEqual(receivesAll(pattern), [["1"], ["2"]])
})

test("a peer that ended while it was read leaves nothing behind", () => {
  const pattern = xpub()
  const peer = new Partner(pattern)
  const queue = [message("\x01a"), message("\x01b", "words")]
  peer.read = () => {
    if (queue.length === 1) peer.leave()
    return queue.shift()
  }
  pattern.readable(peer)
  assert.equal(pattern.topicsCount, 0)
  assert.deepEqual(receivesAll(pattern), [["\x01a"], ["\0a"], ["words"]])
})

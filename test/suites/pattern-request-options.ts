// REQ with `correlate` and `relaxed`.
import assert from "node:assert/strict"
import { eventually, within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { type Receiver, take, takeFrames, takeNow, takesNothing } from "./talk.js"

const outOfTurn = { code: "EFSM" }

export function requestOptionScenarios(setting: Setting): void {
  scenario(setting, "correlate: each request has the next number before its delimiter", async (stage) => {
    const { request, router } = await meet(stage, { correlate: true })
    const asked: number[] = []
    for (const word of ["one", "two", "three"]) {
      await request.send([word, ""])
      const question = await takeFrames(router)
      const [id, , ...rest] = question.map(String)
      assert.deepEqual([id, ...rest], ["asker", "", word, ""])
      assert.equal(question[1]?.length, 4)
      asked.push(question[1]?.readUInt32LE() ?? 0)
      await router.send([...question.slice(0, 3), "answer", word])
      assert.deepEqual(await take(request), ["answer", word])
    }
    const [first = 0] = asked
    assert.deepEqual(
      asked,
      [0, 1, 2].map((step) => (first + step) % 2 ** 32),
    )
  })

  scenario(setting, "req_correlate: replies with another number, or none, are dropped", async (stage) => {
    const { request, router } = await meet(stage, { correlate: true })
    await request.send("question")
    const [id, number, delimiter] = (await takeFrames(router)) as [Buffer, Buffer, Buffer]
    const wrong = Buffer.from(number)
    wrong[0] = (wrong[0] ?? 0) ^ 1
    await router.send([id, wrong, delimiter, "wrong number"])
    await router.send([id, delimiter, "no number"])
    await router.send([id, delimiter, "no", "number"])
    await router.send([id, number, delimiter, "right"])
    assert.deepEqual(await hear(request), ["right"])
    await assert.rejects(takeNow(request), outOfTurn)
  })

  scenario(setting, "without correlate a reply with a number is dropped", async (stage) => {
    const { request, router } = await meet(stage, {})
    await request.send("question")
    assert.deepEqual(await take(router), ["asker", "", "question"])
    await router.send(["asker", "1234", "", "with a number"])
    await router.send(["asker", "", "without"])
    assert.deepEqual(await hear(request), ["without"])
  })

  scenario(setting, "correlate: REP gives the number back", async (stage) => {
    const request = stage.open("Request", { correlate: true })
    const reply = stage.open("Reply")
    request.connect(await stage.bind(reply))
    for (const word of ["one", "two"]) {
      await request.send(word)
      assert.deepEqual(await take(reply), [word])
      await reply.send(`re ${word}`)
      assert.deepEqual(await take(request), [`re ${word}`])
    }
    await assert.rejects(takeNow(request), outOfTurn)
  })

  scenario(
    setting,
    "req_relaxed: a second request before the reply; its reply alone is received",
    async (stage) => {
      const { request, router } = await meet(stage, { correlate: true, relaxed: true })
      await request.send("first")
      await request.send("second")
      const first = await takeFrames(router)
      const second = await takeFrames(router)
      assert.deepEqual([String(first[3]), String(second[3])], ["first", "second"])
      await router.send([...first.slice(0, 3), "stale"])
      await router.send([...second.slice(0, 3), "fresh"])
      assert.deepEqual(await hear(request), ["fresh"])
      await assert.rejects(takeNow(request), outOfTurn)
    },
  )

  scenario(setting, "req_relaxed: after a reply REQ goes on as ever", async (stage) => {
    const { request, router } = await meet(stage, { correlate: true, relaxed: true })
    for (const word of ["one", "two", "three"]) {
      await request.send(word)
      const question = await takeFrames(router)
      await router.send([...question.slice(0, 3), word])
      assert.deepEqual(await hear(request), [word])
      // A second reply to the same request is for nobody.
      await router.send([...question.slice(0, 3), `${word} again`])
    }
  })

  scenario(
    setting,
    "relaxed without correlate: a late reply is taken for the new request's",
    async (stage) => {
      const { request, router } = await meet(stage, { relaxed: true })
      await request.send("first")
      await request.send("second")
      assert.deepEqual(await take(router), ["asker", "", "first"])
      assert.deepEqual(await take(router), ["asker", "", "second"])
      await router.send(["asker", "", "to the first"])
      assert.deepEqual(await take(request), ["to the first"])
    },
  )

  scenario(
    setting,
    "req_relaxed: asks its peers in turn, keeps them, and hears the last alone",
    async (stage) => {
      const request = stage.open("Request", { routingId: "asker", relaxed: true })
      const [one, two] = [
        stage.open("Router", { mandatory: true }),
        stage.open("Router", { mandatory: true }),
      ]
      for (const router of [one, two]) request.connect(await stage.bind(router))
      for (const round of ["1", "2"]) {
        await request.send(`${round} to one`)
        assert.deepEqual(await take(one), ["asker", "", `${round} to one`])
        await request.send(`${round} to two`)
        assert.deepEqual(await take(two), ["asker", "", `${round} to two`])
        await one.send(["asker", "", "stale"])
        await two.send(["asker", "", "fresh"])
        assert.deepEqual(await hear(request), ["fresh"])
      }
      await takesNothing(one, "a peer that was asked twice")
    },
  )

  scenario(
    setting,
    "relaxed: a receive() that waits gets the reply to the request after it",
    async (stage) => {
      const { request, router } = await meet(stage, { correlate: true, relaxed: true })
      await request.send("first")
      const waiting = within(request.receive(), "the reply")
      await request.send("second")
      await takeFrames(router)
      const second = await takeFrames(router)
      await router.send([...second.slice(0, 3), "fresh"])
      assert.deepEqual((await waiting).map(String), ["fresh"])
    },
  )
}

async function meet(stage: Stage, options: { correlate?: boolean; relaxed?: boolean }) {
  const router = stage.open("Router")
  const request = stage.open("Request", { routingId: "asker", ...options })
  request.connect(await stage.bind(router))
  return { request, router }
}

/** Asked again and again: zeromq.js fails a receive() that waits when a message that is dropped wakes it. */
function hear(request: Receiver): Promise<string[]> {
  return eventually(() => takeNow(request), "the reply")
}

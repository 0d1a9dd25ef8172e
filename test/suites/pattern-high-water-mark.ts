// The high-water mark of the patterns that wait: how many messages are taken, and that none of them is lost.
import assert from "node:assert/strict"
import { within } from "./deadline.js"
import { type Setting, type Stage, scenario } from "./stage.js"
import { fill, numbers, offer, type Receiver, type Sender, take, takeMany, takesNothing } from "./talk.js"

interface Marks {
  sendHighWaterMark?: number
  receiveHighWaterMark?: number
}

interface Endpoint {
  connect(address: string): void
  bind(address: string): Promise<void>
  readonly lastEndpoint: string | null
}

interface Telling {
  readonly writable: boolean
}

interface Waiting {
  readonly name: string
  sender(stage: Stage, sendHighWaterMark: number): Sender & Endpoint & Marks & Telling
  receiver(stage: Stage, receiveHighWaterMark: number): Receiver & Endpoint & Marks
}

const waiting: readonly Waiting[] = [
  {
    name: "PUSH",
    sender: (stage, sendHighWaterMark) => stage.open("Push", { sendHighWaterMark }),
    receiver: (stage, receiveHighWaterMark) => stage.open("Pull", { receiveHighWaterMark }),
  },
  {
    name: "DEALER",
    sender: (stage, sendHighWaterMark) => stage.open("Dealer", { sendHighWaterMark }),
    receiver: (stage, receiveHighWaterMark) => stage.open("Dealer", { receiveHighWaterMark }),
  },
  {
    name: "PAIR",
    sender: (stage, sendHighWaterMark) => stage.open("Pair", { sendHighWaterMark }),
    receiver: (stage, receiveHighWaterMark) => stage.open("Pair", { receiveHighWaterMark }),
  },
]

const mebibyte = Buffer.alloc(2 ** 20)

export function highWaterMarkScenarios(setting: Setting): void {
  for (const kind of waiting) {
    scenario(setting, `${kind.name} without a peer refuses`, async (stage) => {
      const sender = kind.sender(stage, 10)
      await stage.bind(sender)
      assert.equal(sender.writable, false)
      assert.equal(await offer(sender, "refused"), false)
    })

    scenario(
      setting,
      `${kind.name} that connected too early takes exactly its mark, and delivers all`,
      async (stage) => {
        const sender = kind.sender(stage, 7)
        const address = await stage.vacant()
        sender.connect(address)
        for (const number of numbers(7)) {
          assert.equal(sender.writable, true)
          assert.ok(await offer(sender, number))
        }
        assert.equal(sender.writable, false)
        assert.equal(await offer(sender, "refused"), false)
        const receiver = kind.receiver(stage, 1000)
        await stage.bindTo(receiver, address)
        assert.deepEqual(await takeMany(receiver, 7), numbers(7))
        await within(sender.send("after"), "send() to go on when there was room")
        assert.deepEqual(await take(receiver), ["after"])
      },
    )

    scenario(
      setting,
      `${kind.name} refuses when both sides are full, and everything taken arrives`,
      async (stage) => {
        const receiver = kind.receiver(stage, 2)
        const sender = kind.sender(stage, 2)
        sender.connect(await stage.bind(receiver))
        let taken = 0
        while (await offer(sender, [String(taken), mebibyte], 100)) {
          taken += 1
          assert.ok(taken < 200, "200 MiB were taken although nobody received")
        }
        for (const number of numbers(taken)) {
          const [name, load] = await take(receiver, `message ${number} of ${taken}`)
          assert.deepEqual([name, load?.length], [number, mebibyte.length])
        }
        await within(sender.send("after"), "send() to go on when there was room")
        assert.deepEqual(await take(receiver), ["after"])
      },
    )

    scenario(setting, `${kind.name} that waits at the mark goes on when there is room`, async (stage) => {
      const sender = kind.sender(stage, 3)
      const address = await stage.vacant()
      sender.connect(address)
      assert.equal(await fill(sender, 100), 3)
      const waiter = sender.send("3")
      const receiver = kind.receiver(stage, 3)
      await stage.bindTo(receiver, address)
      assert.deepEqual(await takeMany(receiver, 4), numbers(4))
      await within(waiter, "the send() that waited to resolve")
    })

    scenario(setting, `${kind.name} with a mark of 0 takes any number`, async (stage) => {
      const sender = kind.sender(stage, 0)
      const address = await stage.vacant()
      sender.connect(address)
      for (const number of numbers(3000))
        assert.ok(await offer(sender, number), `message ${number} was refused`)
      const receiver = kind.receiver(stage, 0)
      await stage.bindTo(receiver, address)
      assert.deepEqual(await takeMany(receiver, 3000), numbers(3000))
    })

    if (heedsNewMarks(setting)) {
      scenario(setting, `a new mark counts for the peers that ${kind.name} has already`, async (stage) => {
        const [raised, lowered] = [kind.sender(stage, 2), kind.sender(stage, 9)]
        for (const [sender, mark] of [
          [raised, 6],
          [lowered, 4],
        ] as const) {
          sender.connect(await stage.vacant())
          sender.sendHighWaterMark = mark
          assert.equal(await fill(sender, 100), mark)
        }
      })
    }

    if (setting.transport === "inproc") inprocMarks(setting, kind)
  }

  scenario(setting, "every address that PUSH connected to has a queue of its own", async (stage) => {
    const push = stage.open("Push", { sendHighWaterMark: 4 })
    const addresses = [await stage.vacant(), await stage.vacant(), await stage.vacant()]
    for (const address of addresses) push.connect(address)
    assert.equal(await fill(push, 100), 12)
    for (const [index, address] of addresses.entries()) {
      const pull = stage.open("Pull")
      await stage.bindTo(pull, address)
      assert.deepEqual(
        await takeMany(pull, 4),
        [0, 3, 6, 9].map((number) => String(number + index)),
      )
      await takesNothing(pull, "a PULL that had its four messages")
    }
  })
}

// Within a process both queues are one, so their marks add up, to the message.
function inprocMarks(setting: Setting, kind: Waiting): void {
  scenario(setting, `${kind.name} takes exactly the sum of both marks`, async (stage) => {
    const receiver = kind.receiver(stage, 3)
    const sender = kind.sender(stage, 4)
    sender.connect(await stage.bind(receiver))
    await stage.linked([sender, receiver])
    assert.equal(await fill(sender, 100), 7)
    assert.deepEqual(await takeMany(receiver, 7), numbers(7))
  })

  scenario(setting, `${kind.name} that bound takes exactly the sum of both marks`, async (stage) => {
    const sender = kind.sender(stage, 2)
    const receiver = kind.receiver(stage, 5)
    receiver.connect(await stage.bind(sender))
    await stage.linked([sender, receiver])
    assert.equal(await fill(sender, 100), 7)
    assert.deepEqual(await takeMany(receiver, 7), numbers(7))
  })

  scenario(setting, `${kind.name} takes the sum of both marks when the peer came late`, async (stage) => {
    const address = await stage.vacant()
    const sender = kind.sender(stage, 2)
    sender.connect(address)
    const receiver = kind.receiver(stage, 5)
    await stage.bindTo(receiver, address)
    await stage.linked([sender, receiver])
    assert.equal(await fill(sender, 100), 7)
  })

  scenario(setting, `${kind.name} takes any number when one of the marks is 0`, async (stage) => {
    for (const [sendMark, receiveMark] of [
      [0, 2],
      [2, 0],
    ] as const) {
      const receiver = kind.receiver(stage, receiveMark)
      const sender = kind.sender(stage, sendMark)
      sender.connect(await stage.bind(receiver))
      await stage.linked([sender, receiver])
      for (const number of numbers(3000))
        assert.ok(await offer(sender, number), `message ${number} was refused`)
      assert.deepEqual(await takeMany(receiver, 3000), numbers(3000))
    }
  })

  if (heedsNewMarks(setting)) {
    scenario(setting, `new marks on either side of ${kind.name} add up`, async (stage) => {
      const receiver = kind.receiver(stage, 1)
      const sender = kind.sender(stage, 1)
      sender.connect(await stage.bind(receiver))
      await stage.linked([sender, receiver])
      sender.sendHighWaterMark = 4
      receiver.receiveHighWaterMark = 5
      assert.equal(await fill(sender, 100), 9)
    })
  }
}

/**
 * Over inproc libzmq applies a changed mark to one half of the sum alone, and to a peer that has not bound yet
 * not at all; puremq does what its manual says there too.
 */
function heedsNewMarks({ transport, library }: Setting): boolean {
  return transport !== "inproc" || library.name === "puremq"
}

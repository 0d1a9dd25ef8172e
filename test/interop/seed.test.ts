// The first programs a pyzmq user writes, each against its counterpart among our examples, both ways round.
import assert from "node:assert/strict"
import { test } from "node:test"
import { vacantPort } from "../suites/vacant-port.js"
import { fromRoot } from "./package-root.js"
import { findPython, unlessMissing } from "./peer.js"
import { type Program, start, startNode } from "./process.js"

const found = findPython()
const options = unlessMissing(typeof found === "string" ? found : undefined)

function python(program: string, ...args: string[]): Program {
  assert.ok(typeof found !== "string")
  return start(found.command, "-u", fromRoot(`test/interop/seed/${program}.py`), ...args)
}

function example(program: string, ...args: string[]): Program {
  return startNode(new URL(`../../examples/${program}.js`, import.meta.url), ...args)
}

const anyPort = "tcp://127.0.0.1:*"

async function portOf(program: Program, said: RegExp): Promise<string> {
  return (await program.line(said))[1] ?? ""
}

const pythonPort = /^Bound to tcp:.*:(\d+)$/
const pythonFeedbackPort = /^Feedback bound to tcp:.*:(\d+)$/
const ourPort = /running on tcp:\/\/127\.0\.0\.1:(\d+)/
const ourFeedbackPort = /feedback on tcp:\/\/127\.0\.0\.1:(\d+)/

function range(length: number): number[] {
  return [...Array(length).keys()]
}

const requests = range(5).map((i) => `Received request: Hello ${i}`)
const replies = range(5).flatMap((i) => [
  `Sending request: Hello ${i}`,
  `Received reply: World from Hello ${i}`,
])

function tasksAndFeedback(tasks: number): string[] {
  return range(tasks).flatMap((i) => [`Sending task: Task ${i}`, `Received feedback: Finished Task ${i}`])
}

function tasksDoneBy(worker: Program): string[] {
  const took = worker.lines.flatMap((line) => /^Worker received: (.+)$/.exec(line)?.[1] ?? [])
  const reported = worker.lines.flatMap(
    (line) => /^Worker sending feedback: Finished (.+)$/.exec(line)?.[1] ?? [],
  )
  assert.deepEqual(reported, took)
  return took
}

test("reply_server.py answers our request-client", options, async () => {
  await using server = python("reply_server", "*", "5", "0.01")
  await using client = example("request-client", `tcp://localhost:${await portOf(server, pythonPort)}`)
  await Promise.all([client.success(), server.success()])
  assert.deepEqual(server.lines.slice(1), ["Server is running and waiting for requests...", ...requests])
  assert.deepEqual(client.lines, ["Client is running...", ...replies])
})

test("our reply-server answers request_client.py", options, async () => {
  await using server = example("reply-server", anyPort, "5", "10")
  await using client = python("request_client", await portOf(server, ourPort))
  await Promise.all([client.success(), server.success()])
  assert.deepEqual(server.lines.slice(1), requests)
  assert.deepEqual(client.lines, ["Client is running...", ...replies])
})

test("our reply-server may start after request_client.py", options, async () => {
  const port = `${await vacantPort()}`
  await using client = python("request_client", port)
  await client.line(/^Sending request: Hello 0$/)
  await using server = example("reply-server", `tcp://127.0.0.1:${port}`, "5", "10")
  await Promise.all([client.success(), server.success()])
  assert.deepEqual(server.lines.slice(1), requests)
  assert.deepEqual(client.lines, ["Client is running...", ...replies])
})

test("publisher.py reaches our subscriber, with the topics it asked for", options, async () => {
  await using publisher = python("publisher", "*", "1000", "0.05")
  await using subscriber = example(
    "subscriber",
    `tcp://localhost:${await portOf(publisher, pythonPort)}`,
    "6",
  )
  await subscriber.success()
  const sports = "Received from topic 'news.sports': This is a message about sports."
  const alerts = "Received from topic 'alerts': This is a message about alerts."
  const [hello, ...messages] = subscriber.lines
  assert.equal(hello, "Subscriber is running and subscribed to 'news.sports' and 'alerts'...")
  assert.deepEqual(messages.sort(), [alerts, alerts, alerts, sports, sports, sports])
  await publisher.line(/^Sent to topic 'news\.weather': This is a message about weather\.$/)
})

test("our publisher reaches subscriber.py, with the topic it asked for", options, async () => {
  await using publisher = example("publisher", anyPort, "1000", "50")
  await using subscriber = python("subscriber", await portOf(publisher, ourPort), "5")
  await subscriber.success()
  assert.deepEqual(
    subscriber.lines.slice(1),
    range(5).map(() => "Received from topic 'news.sports': This is a message about sports."),
  )
  publisher.interrupt()
  await publisher.success()
  for (const topic of ["sports", "weather"]) {
    assert.ok(publisher.lines.includes(`Sent to topic 'news.${topic}': This is a message about ${topic}.`))
  }
  assert.ok(publisher.lines.includes("Sent to topic 'alerts': This is a message about alerts."))
})

test("pusher.py has its tasks done by three of our workers", options, async () => {
  await using pusher = python("pusher", "*", "*", "10", "0.1")
  const tasks = `tcp://localhost:${await portOf(pusher, pythonPort)}`
  const feedback = `tcp://localhost:${await portOf(pusher, pythonFeedbackPort)}`
  await using one = example("worker", tasks, feedback, "10")
  await using two = example("worker", tasks, feedback, "10")
  await using three = example("worker", tasks, feedback, "10")
  const workers = [one, two, three]
  await pusher.success()
  await Promise.all(workers.map((worker) => worker.line(/^Worker is running and waiting for tasks\.\.\.$/)))
  for (const worker of workers) worker.interrupt()
  await Promise.all(workers.map((worker) => worker.success()))

  assert.deepEqual(
    pusher.lines.filter((line) => /^(Sending task|Received feedback)/.test(line)),
    tasksAndFeedback(10),
  )
  // Who did how many depends on who came first; that each task was done once does not.
  assert.deepEqual(
    workers.flatMap(tasksDoneBy).sort(),
    range(10).map((i) => `Task ${i}`),
  )
})

test("our pusher has its tasks done by three worker.py, in turn", options, async () => {
  await using pusher = example("pusher", anyPort, anyPort, "9", "3", "10")
  const tasks = await portOf(pusher, ourPort)
  const feedback = await portOf(pusher, ourFeedbackPort)
  await using one = python("worker", tasks, feedback, "3", "0.01")
  await using two = python("worker", tasks, feedback, "3", "0.01")
  await using three = python("worker", tasks, feedback, "3", "0.01")
  const workers = [one, two, three]
  await Promise.all([pusher, ...workers].map((program) => program.success()))

  assert.deepEqual(pusher.lines.slice(1), tasksAndFeedback(9))
  const shares = workers.map(tasksDoneBy).sort()
  assert.deepEqual(
    shares,
    range(3).map((first) => [first, first + 3, first + 6].map((i) => `Task ${i}`)),
  )
})

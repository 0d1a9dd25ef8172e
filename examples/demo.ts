// Plays every pattern with the programs beside it, each a process of its own, and checks what they said.
// npm run demo
import { styleText } from "node:util"
import { type Actor, coloured, Stage } from "./demo-stage.js"

interface Pattern {
  readonly title: string
  readonly idea: string
  /** Resolves to the line that sums it up, or throws what went wrong. */
  play(stage: Stage): Promise<string>
}

// Port * is any free one: the program that binds says which it got.
const anyPort = "tcp://127.0.0.1:*"
const deadline = performance.now() + 60_000

async function addressOf(server: Actor, pattern = /running on (tcp:\/\/[\w.:]+\d)/): Promise<string> {
  return (await server.says(pattern))[1] ?? ""
}

function count(actor: Actor, pattern: RegExp): number {
  return actor.lines.filter((line) => pattern.test(line)).length
}

function check(holds: boolean, complaint: string): void {
  if (!holds) throw new Error(complaint)
}

/** Every line once or more, in this order; other lines may stand between them. */
function checkSaid(actor: Actor, expected: readonly string[]): void {
  let from = 0
  for (const line of expected) {
    const at = actor.lines.indexOf(line, from)
    check(at >= 0, `${actor.name} did not say "${line}"${from > 0 ? " in its turn" : ""}`)
    from = at + 1
  }
}

const requestReply: Pattern = {
  title: "Request-reply (REQ and REP)",
  idea: "The client asks and waits, the server answers: a conversation in strict turns.",
  async play(stage) {
    const requests = 5
    const server = stage.start("server", "reply-server", anyPort, `${requests}`, "100")
    const client = stage.start("client", "request-client", await addressOf(server), `${requests}`)
    await Promise.all([client.leaves(), server.leaves()])
    const numbers = [...Array(requests).keys()]
    checkSaid(
      server,
      numbers.map((i) => `Received request: Hello ${i}`),
    )
    checkSaid(
      client,
      numbers.flatMap((i) => [`Sending request: Hello ${i}`, `Received reply: World from Hello ${i}`]),
    )
    return `${requests} requests, ${requests} replies`
  },
}

const publishSubscribe: Pattern = {
  title: "Publish-subscribe (PUB and SUB)",
  idea: "A subscriber gets only the topics it asked for, and nothing that was sent before it came.",
  async play(stage) {
    const publisher = stage.start("publisher", "publisher", anyPort, "100", "300")
    const subscriber = stage.start("subscriber", "subscriber", await addressOf(publisher), "6")
    // It joined late and missed the first rounds, so the publisher goes on until it has seen enough.
    await subscriber.leaves()
    await publisher.stop()

    const wanted = ["news.sports", "alerts"]
    for (const topic of wanted) {
      const about = `Received from topic '${topic}': This is a message about ${topic.split(".").at(-1)}.`
      check(subscriber.lines.filter((line) => line === about).length === 3, `not three times: ${about}`)
    }
    const unwanted = count(publisher, /^Sent to topic 'news\.weather': This is a message about weather\.$/)
    check(unwanted > 0, "the publisher sent nothing about the weather")
    check(count(subscriber, /^Received .*weather/) === 0, "the subscriber never asked for the weather")
    return `6 messages of the 2 topics asked for, none of the ${unwanted} about the weather`
  },
}

const pushPull: Pattern = {
  title: "Push-pull (PUSH and PULL)",
  idea: "The pusher deals tasks out to its workers in turn; each reports back when it is done.",
  async play(stage) {
    const tasks = 9
    const names = ["worker 1", "worker 2", "worker 3"]
    const workers = `${names.length}`
    const pusher = stage.start("pusher", "pusher", anyPort, anyPort, `${tasks}`, workers, "50")
    const taskAddress = await addressOf(pusher)
    const feedbackAddress = await addressOf(pusher, /feedback on (tcp:\/\/[\w.:]+\d)/)
    const team = names.map((name) => stage.start(name, "worker", taskAddress, feedbackAddress, "200"))
    await pusher.leaves()
    await Promise.all(team.map((worker) => worker.stop()))

    checkSaid(
      pusher,
      [...Array(tasks).keys()].flatMap((i) => [
        `Sending task: Task ${i}`,
        `Received feedback: Finished Task ${i}`,
      ]),
    )
    const shares = team.map((worker) => count(worker, /^Worker received: Task \d$/))
    check(
      shares.every((share) => share === tasks / names.length),
      `the workers had ${shares.join(", ")} tasks`,
    )
    return `${tasks} tasks, ${shares.join(" + ")} for ${workers} workers, ${tasks} reports`
  },
}

const pair: Pattern = {
  title: "Pair (PAIR)",
  idea: "Exactly two ends, here inside one process: each speaks whenever it likes, with no turns.",
  async play(stage) {
    const both = stage.start("pair", "pair", "3")
    await both.leaves()
    checkSaid(both, ["Left sends: 1", "Left sends: 2", "Left sends: 3"])
    checkSaid(both, [
      "Right received: 1",
      "Right received: 2",
      "Right received: 3",
      "Right sends: the sum is 6",
      "Left received: the sum is 6",
    ])
    return "3 messages one way, their sum the other way"
  },
}

const routerDealer: Pattern = {
  title: "Router-dealer (ROUTER and DEALER)",
  idea: "Many clients ask without waiting; the router answers each by name, as soon as a job is done.",
  async play(stage) {
    const names = ["anna", "ben", "cleo"]
    const jobs = 2
    const router = stage.start("router", "router-server", anyPort, `${names.length * jobs}`)
    const address = await addressOf(router)
    const dealers = names.map((name) => stage.start(name, "dealer-client", address, name, `${jobs}`, "250"))
    await Promise.all([router, ...dealers].map((actor) => actor.leaves()))

    for (const name of names) {
      checkSaid(router, [`${name} asks for Job 0, 500 ms of work`, `Answering ${name}: Job 0 is done`])
      checkSaid(router, [`${name} asks for Job 1, 250 ms of work`, `Answering ${name}: Job 1 is done`])
    }
    for (const dealer of dealers) {
      checkSaid(dealer, ["Sending Job 0, 500 ms of work", "Sending Job 1, 250 ms of work"])
      checkSaid(dealer, ["Received: Job 1 is done", "Received: Job 0 is done"])
    }
    const total = names.length * jobs
    return `${total} requests, ${total} answers to ${names.length} dealers, the quick ones first`
  },
}

async function perform(pattern: Pattern): Promise<boolean> {
  console.log(`\n${coloured ? styleText("bold", pattern.title) : pattern.title}\n${pattern.idea}\n`)
  await using stage = new Stage()
  const watchdog = setTimeout(() => {
    console.error("FAILED: the demo took too long")
    stage.kill()
    process.exit(1)
  }, deadline - performance.now())
  try {
    console.log(`\nok: ${await pattern.play(stage)}`)
    return true
  } catch (error) {
    console.log(`\nFAILED: ${error instanceof Error ? error.message : error}`)
    return false
  } finally {
    clearTimeout(watchdog)
  }
}

let failed = 0
for (const pattern of [requestReply, publishSubscribe, pushPull, pair, routerDealer]) {
  if (!(await perform(pattern))) failed++
}
console.log(failed === 0 ? "\nAll patterns ok." : `\n${failed} of the patterns FAILED.`)
process.exitCode = failed === 0 ? 0 : 1

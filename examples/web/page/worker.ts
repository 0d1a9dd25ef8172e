// A worker of the page's: takes tasks and says what it found. Its tasks come over inproc, through the port it was given.
import { attachPort, Pull, Push } from "/puremq.js"

interface Start {
  readonly name: string
  readonly port: MessagePort
}

function isPrime(number: number): boolean {
  if (number < 4) return number > 1
  if (number % 2 === 0) return false
  for (let divisor = 3; divisor * divisor <= number; divisor += 2) {
    if (number % divisor === 0) return false
  }
  return true
}

async function work({ name, port }: Start): Promise<void> {
  attachPort(port)
  const [tasks, results] = [new Pull(), new Push()]
  tasks.connect("inproc://tasks")
  results.connect("inproc://results")
  await results.send([name, "ready"])
  for await (const [task, first, end] of tasks) {
    let primes = 0
    for (let number = Number(first); number < Number(end); number++) if (isPrime(number)) primes++
    await results.send([name, `${task}`, `${primes}`])
  }
}

addEventListener("message", ({ data }: MessageEvent<Start>) => void work(data), { once: true })

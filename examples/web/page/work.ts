import { attachPort, Pull, Push } from "/puremq.js"
import { byId, make } from "./element.js"
import type { Meter } from "./meter.js"

const WORKERS = ["1", "2", "3"]
const TASKS = 60
const NUMBERS_A_TASK = 100_000

/** Deals tasks out to three workers, threads with a puremq each, and gathers what they found. */
export class Work {
  readonly #push: Push = new Push()
  readonly #pull: Pull = new Pull()
  readonly #meter: Meter
  readonly #button: HTMLButtonElement = byId("share")
  readonly #outcome: HTMLElement = byId("outcome")
  readonly #cells: HTMLElement[] = []

  constructor(meter: Meter) {
    this.#meter = meter
    for (let i = 0; i < TASKS; i++) this.#cells.push(make("i", "task"))
    byId("tasks").append(...this.#cells)
    this.#button.addEventListener("click", () => void this.#share())
    void this.#employ()
  }

  async #employ(): Promise<void> {
    await this.#push.bind("inproc://tasks")
    await this.#pull.bind("inproc://results")
    for (const name of WORKERS) {
      const { port1, port2 } = new MessageChannel()
      attachPort(port1)
      const worker = new Worker("/worker.js", { type: "module", name: `worker ${name}` })
      worker.postMessage({ name, port: port2 }, [port2])
    }
    for (const _ of WORKERS) await this.#pull.receive()
    this.#button.disabled = false
  }

  async #share(): Promise<void> {
    this.#button.disabled = true
    this.#clear()
    const start = performance.now()
    const primes = this.#gather()
    for (let task = 0; task < TASKS; task++) {
      const first = task * NUMBERS_A_TASK
      await this.#push.send([`${task}`, `${first}`, `${first + NUMBERS_A_TASK}`])
      this.#meter.add("work")
      this.#cells[task]?.classList.add("dealt")
    }
    const found = (await primes).toLocaleString("en")
    const below = (TASKS * NUMBERS_A_TASK).toLocaleString("en")
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    this.#outcome.textContent = `${found} primes below ${below}, found in ${seconds} s.`
    this.#button.disabled = false
  }

  async #gather(): Promise<number> {
    const shares = new Map(WORKERS.map((name) => [name, 0]))
    let primes = 0
    for (let done = 1; done <= TASKS; done++) {
      const [worker, task, found] = (await this.#pull.receive()).map(String) as [string, string, string]
      this.#meter.add("work")
      primes += Number(found)
      const share = (shares.get(worker) ?? 0) + 1
      shares.set(worker, share)
      this.#showShare(worker, share)
      const cell = this.#cells[Number(task)]
      if (cell !== undefined) cell.dataset.worker = worker
      this.#outcome.textContent = `${done} of ${TASKS} tasks are done.`
    }
    return primes
  }

  #clear(): void {
    this.#outcome.textContent = "The tasks are being dealt."
    for (const cell of this.#cells) {
      cell.className = "task"
      delete cell.dataset.worker
    }
    for (const name of WORKERS) this.#showShare(name, 0)
  }

  #showShare(worker: string, share: number): void {
    byId(`share-${worker}`).textContent = `${share}`
  }
}

import { Request } from "/puremq.js"
import { byId, make } from "./element.js"
import type { Meter } from "./meter.js"

const SHOWN = 5
const PATIENCE_MILLISECONDS = 3000

/** Asks the server, and shows what it answers and how long that took. */
export class Ask {
  // Who got no answer may ask again, and an answer that comes too late is not taken for the next one's.
  readonly #request: Request = new Request({
    relaxed: true,
    correlate: true,
    reconnectInterval: 200,
    reconnectMaxInterval: 2000,
  })
  readonly #meter: Meter
  readonly #answers: HTMLElement = byId("answers")
  readonly #question: HTMLInputElement = byId("question")
  #turn: Promise<boolean> = Promise.resolve(true)

  constructor(address: string, meter: Meter) {
    this.#meter = meter
    this.#request.connect(address)
    byId("ask").addEventListener("submit", (event) => {
      event.preventDefault()
      const question = this.#question.value.trim()
      if (question !== "") void this.ask(question)
      this.#question.select()
    })
    for (const button of document.querySelectorAll<HTMLButtonElement>("#examples button")) {
      button.addEventListener("click", () => void this.ask(button.textContent))
    }
  }

  /** Asks when the questions before have been answered; resolves to whether this one was. */
  ask(question: string): Promise<boolean> {
    this.#turn = this.#turn.then(() => this.#ask(question))
    return this.#turn
  }

  async #ask(question: string): Promise<boolean> {
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS)
    const start = performance.now()
    try {
      await this.#request.send(question, { signal })
      this.#meter.add("answers")
      const [answer] = await this.#request.receive({ signal })
      this.#meter.add("answers")
      this.#show(question, `${answer}`, `${(performance.now() - start).toFixed(2)} ms`)
      return true
    } catch {
      this.#show(question, "No answer: is the server away?", "—")
      return false
    }
  }

  #show(question: string, answer: string, time: string): void {
    const entry = make("li", "exchange")
    entry.append(make("span", "asked", question), make("span", "answer", answer), make("span", "time", time))
    this.#answers.prepend(entry)
    while (this.#answers.childElementCount > SHOWN) this.#answers.lastElementChild?.remove()
  }
}

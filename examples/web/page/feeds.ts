import { Subscriber } from "/puremq.js"
import { byId, make } from "./element.js"
import type { Meter } from "./meter.js"

const SHOWN = 10
/** More than a reader can follow; the others are counted. */
const SHOWN_A_FRAME = 2

/** Subscribes to the topics whose boxes are ticked, and shows what comes. */
export class Feeds {
  // Reconnecting is the library's: it tries again at growing intervals, and tells the server the topics anew.
  readonly subscriber: Subscriber = new Subscriber({ reconnectInterval: 200, reconnectMaxInterval: 2000 })
  readonly #list: HTMLElement = byId("messages")
  readonly #arrived: HTMLElement = byId("arrived")
  readonly #meter: Meter
  #waiting: [topic: string, text: string][] = []
  #count = 0

  constructor(address: string, meter: Meter) {
    this.#meter = meter
    this.subscriber.connect(address)
    for (const box of document.querySelectorAll<HTMLInputElement>("#topics input")) {
      const follow = (): void => {
        if (box.checked) this.subscriber.subscribe(box.value)
        else this.subscriber.unsubscribe(box.value)
      }
      if (box.checked) follow()
      box.addEventListener("change", follow)
    }
    void this.#receive()
  }

  async #receive(): Promise<void> {
    for await (const [topic, text] of this.subscriber) {
      this.#meter.add("feeds")
      this.#count++
      if (this.#waiting.length === 0) requestAnimationFrame(() => this.#show())
      if (this.#waiting.length < SHOWN_A_FRAME) this.#waiting.push([`${topic}`, `${text}`])
    }
  }

  #show(): void {
    for (const [topic, text] of this.#waiting) {
      const row = make("li", "message")
      row.dataset.feed = topic.slice(0, topic.indexOf("."))
      row.append(make("code", "topic", topic), make("span", "text", text))
      this.#list.prepend(row)
    }
    this.#waiting = []
    while (this.#list.childElementCount > SHOWN) this.#list.lastElementChild?.remove()
    this.#arrived.textContent = this.#count.toLocaleString("en")
  }
}

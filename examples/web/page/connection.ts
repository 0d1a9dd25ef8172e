import type { Subscriber } from "/puremq.js"
import { byId } from "./element.js"

/** Shows what a socket's events tell of its connection. */
export class Connection {
  readonly #status: HTMLElement = byId("status")
  readonly #button: HTMLButtonElement = byId("restart")
  #attempts = 0

  constructor(subscriber: Subscriber, restart: () => Promise<boolean>) {
    subscriber.events
      .on("handshake", () => {
        this.#attempts = 0
        this.#show("on", "Connected")
      })
      .on("disconnect", () => this.#show("off", "Connection lost"))
      .on("connect:retry", () => {
        this.#attempts++
        this.#show("off", `Reconnecting (${this.#attempts})`)
      })
    this.#button.addEventListener("click", async () => {
      // Until the server is back, unless it did not hear.
      this.#button.disabled = true
      if (!(await restart())) this.#button.disabled = false
    })
  }

  #show(state: "on" | "off", text: string): void {
    this.#status.dataset.state = state
    this.#status.textContent = text
    this.#button.disabled = state === "off"
  }
}

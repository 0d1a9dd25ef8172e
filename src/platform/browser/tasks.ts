/** Tasks for the event loop's next turn, which a message of ours to ourselves begins: timers would let it wait. */
export class Tasks {
  private due: (() => void)[] = []
  private channel: InstanceType<typeof MessageChannel> | undefined

  /** Runs `task` in the next turn, in order. */
  readonly add = (task: () => void): void => {
    if (this.due.push(task) === 1) this.call()
  }

  private call(): void {
    // There from the first need of it on: who imports the library may never use it.
    if (this.channel === undefined) {
      this.channel = new MessageChannel()
      this.channel.port1.addEventListener("message", () => this.run())
      this.channel.port1.start()
      // Where the tests of a page run in Node, the channel would keep its process.
      ;(this.channel.port1 as { unref?(): void }).unref?.()
    }
    this.channel.port2.postMessage(undefined)
  }

  private run(): void {
    const { due } = this
    this.due = []
    let done = 0
    try {
      while (done < due.length) (due[done++] as () => void)()
    } finally {
      // One that throws is the page's to hear of, and not those behind it.
      if (done < due.length) {
        this.due = [...due.slice(done), ...this.due]
        this.call()
      }
    }
  }
}

import { byId } from "./element.js"
import { type Counts, kinds, type Meter } from "./meter.js"

const BARS = 120
const SAMPLE_MILLISECONDS = 500
const WIDTH = 720
const HEIGHT = 160
const GAP = 1.5

/** The messages of the last minute, a stack of bars for each half second. */
export class Chart {
  readonly #meter: Meter
  readonly #rate: HTMLElement = byId("rate")
  readonly #total: HTMLElement = byId("total")
  readonly #top: HTMLElement = byId("top")
  readonly #middle: HTMLElement = byId("middle")
  readonly #samples: Counts[] = []
  #last: number = performance.now()

  constructor(meter: Meter) {
    this.#meter = meter
    setInterval(() => this.#sample(), SAMPLE_MILLISECONDS)
  }

  #sample(): void {
    // Timers are late at times, and seldom in a page that nobody sees: it is the rate that counts.
    const now = performance.now()
    const seconds = (now - this.#last) / 1000
    this.#last = now
    const counts = this.#meter.take()
    for (const kind of kinds) counts[kind] /= seconds
    this.#samples.push(counts)
    if (this.#samples.length > BARS) this.#samples.shift()
    this.#draw(counts)
  }

  #draw(latest: Counts): void {
    const top = roundUp(Math.max(10, ...this.#samples.map(sum)))
    for (const kind of kinds) byId(`bars-${kind}`).setAttribute("d", this.#bars(kind, top))
    this.#top.textContent = top.toLocaleString("en")
    this.#middle.textContent = (top / 2).toLocaleString("en")
    this.#rate.textContent = Math.round(sum(latest)).toLocaleString("en")
    this.#total.textContent = this.#meter.total.toLocaleString("en")
  }

  /** One path for all bars of a kind, each standing on those of the kinds before. */
  #bars(kind: keyof Counts, top: number): string {
    const width = WIDTH / BARS
    const below = kinds.slice(0, kinds.indexOf(kind))
    return this.#samples
      .map((counts, index) => {
        const x = WIDTH - (this.#samples.length - index) * width
        const base = below.reduce((total, other) => total + counts[other], 0)
        const height = (counts[kind] / top) * HEIGHT
        const y = HEIGHT - (base / top) * HEIGHT
        if (height === 0) return ""
        return `M${x.toFixed(1)} ${y.toFixed(1)}h${(width - GAP).toFixed(1)}v${(-height).toFixed(1)}h${(GAP - width).toFixed(1)}z`
      })
      .join("")
  }
}

function sum(counts: Counts): number {
  return kinds.reduce((total, kind) => total + counts[kind], 0)
}

const STEPS = [1, 1.2, 1.6, 2, 3, 4, 6, 8]

/** The next of 10, 12, 16, 20, 30, 40, 60, 80, 100, 120 and so on, whose halves are whole numbers. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return Math.round((STEPS.find((step) => step * power >= value) ?? 10) * power)
}

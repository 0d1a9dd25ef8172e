/** A logarithmic axis between two figures of the series 1, 2, 5, 10, 20, 50 and so on. */
export class LogScale {
  readonly ticks: readonly number[]
  readonly #low: number
  readonly #high: number
  readonly #width: number

  constructor(figures: readonly number[], width: number) {
    const positive = figures.filter((figure) => figure > 0)
    const [least, most] = positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [1, 10]
    // The shortest bar is to be seen as well.
    const series = listSeries(least / 2, most)
    this.ticks = series
    this.#low = Math.log(series[0] ?? 1)
    this.#high = Math.log(series.at(-1) ?? 10)
    this.#width = width
  }

  position(figure: number): number {
    return ((Math.log(figure) - this.#low) / (this.#high - this.#low)) * this.#width
  }
}

export function formatTick(tick: number): string {
  if (tick >= 1e6) return `${tick / 1e6} M`
  return tick >= 1e3 ? `${tick / 1e3} k` : `${tick}`
}

/** From the last one that is not above `least` to the first one that is not below `most`. */
function listSeries(least: number, most: number): number[] {
  const series: number[] = []
  for (let power = Math.floor(Math.log10(least)); (series.at(-1) ?? 0) < most; power++) {
    for (const digit of [1, 2, 5]) {
      const figure = Number(`${digit}e${power}`)
      if (figure <= least) series.length = 0
      if ((series.at(-1) ?? 0) < most) series.push(figure)
    }
  }
  return series
}

/** Something that is told about again and again. */
interface Feed {
  /** How often, and how many messages each time. */
  readonly milliseconds: number
  readonly atOnce: number
  /** The next message: its topic, and what there is to say. */
  next(): [topic: string, text: string]
}

function oneOf<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)] as T
}

/** Numbers that go up and down a little at a time. */
class Walk {
  readonly #step: number
  readonly #digits: number
  #value: number

  constructor(value: number, step: number, digits: number) {
    this.#value = value
    this.#step = step
    this.#digits = digits
  }

  next(): string {
    this.#value += (Math.random() - 0.5) * 2 * this.#step
    return this.#value.toFixed(this.#digits)
  }
}

const temperatures = new Map([
  ["oslo", new Walk(4, 0.4, 1)],
  ["nairobi", new Walk(24, 0.4, 1)],
  ["lima", new Walk(19, 0.4, 1)],
  ["kyoto", new Walk(14, 0.4, 1)],
])
const skies = ["clear", "clouds", "light rain", "fog", "sun"]

const prices = new Map([
  ["copper", new Walk(9.42, 0.03, 2)],
  ["wheat", new Walk(5.61, 0.02, 2)],
  ["coffee", new Walk(3.87, 0.02, 2)],
  ["silver", new Walk(31.2, 0.1, 2)],
])

const lines: readonly [level: string, text: string][] = [
  ["info", "GET /orders 200 in 12 ms"],
  ["info", "user signed in"],
  ["info", "backup finished"],
  ["info", "cache filled, 4,096 entries"],
  ["warn", "disk is 91 % full"],
  ["warn", "answer took 1,204 ms"],
  ["error", "payment service timed out"],
]

const sensors = Array.from({ length: 8 }, () => new Walk(20, 0.05, 3))

export const feeds: readonly Feed[] = [
  {
    milliseconds: 500,
    atOnce: 1,
    next: () => {
      const [city, temperature] = oneOf([...temperatures])
      return [`weather.${city}`, `${temperature.next()} °C, ${oneOf(skies)}`]
    },
  },
  {
    milliseconds: 100,
    atOnce: 1,
    next: () => {
      const [name, price] = oneOf([...prices])
      return [`market.${name}`, price.next()]
    },
  },
  {
    milliseconds: 200,
    atOnce: 1,
    next: () => {
      const [level, text] = oneOf(lines)
      return [`log.${level}`, text]
    },
  },
  {
    milliseconds: 20,
    atOnce: 20,
    next: () => {
      const number = Math.floor(Math.random() * sensors.length)
      return [`sensor.${number}`, (sensors[number] as Walk).next()]
    },
  },
]

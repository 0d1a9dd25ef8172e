import { formatFigure } from "../unit.js"

/** How numbers of one kind are written. */
export interface Unit {
  readonly name: string
  format(value: number): string
}

export const bytes: Unit = {
  name: "bytes",
  format: (value) => {
    if (Math.abs(value) >= 1e6) return `${(value / 1e6).toFixed(1)} MB`
    return Math.abs(value) >= 1e4 ? `${(value / 1e3).toFixed(1)} kB` : `${Math.round(value)} B`
  },
}

export const seconds: Unit = { name: "seconds", format: (value) => `${value.toFixed(2)} s` }

export const milliseconds: Unit = { name: "milliseconds", format: (value) => `${value.toFixed(2)} ms` }

export const rate: Unit = {
  name: "messages a second",
  format: (value) => formatFigure("msg/s", value),
}

export const messages: Unit = { name: "messages", format: (value) => `${value}` }

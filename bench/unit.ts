/** Of all but latencies more is better. */
export type Unit = "msg/s" | "Gb/s" | "round trips/s" | "deliveries/s" | "us"

export function formatFigure(unit: Unit, figure: number): string {
  if (unit === "us" || unit === "Gb/s") return `${figure.toFixed(1)} ${unit}`
  if (figure < 1e4) return `${figure.toFixed(0)} ${unit}`
  return figure >= 1e6 ? `${(figure / 1e6).toFixed(2)} M ${unit}` : `${(figure / 1e3).toFixed(0)} k ${unit}`
}

/** How many times as fast the first one is. */
export function speedRatio(unit: Unit, figure: number, other: number): number {
  return unit === "us" ? other / figure : figure / other
}

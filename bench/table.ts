/** Draws rows of cells, the first row being the head, as a Markdown table that also reads as plain text. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`))
  const align = (row: readonly string[]) =>
    widths.map((width, column) => (column === 0 ? row[0]?.padEnd(width) : row[column]?.padStart(width)))
  return [align(head), rule, ...rows.map(align)].map((cells) => `| ${cells.join(" | ")} |`).join("\n")
}

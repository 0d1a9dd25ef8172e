type Attributes = Readonly<Record<string, string | number>>

export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(format(value))}"`)
  const opened = `<${name}${words.join("")}`
  return content.length === 0 ? `${opened}/>` : `${opened}>${content.join("\n")}</${name}>`
}

export function text(attributes: Attributes, words: string): string {
  return element("text", attributes, escapeXml(words))
}

function format(value: string | number): string {
  return typeof value === "number" ? `${Math.round(value * 10) / 10}` : value
}

function escapeXml(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;")
}

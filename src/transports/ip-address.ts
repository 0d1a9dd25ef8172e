// Numeric addresses as bytes: 4 of IPv4, 16 of IPv6.

/** The bytes of a numeric address; undefined for anything else. A zone (`%eth0`) is left out. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".")
  if (parts.length !== 4) return undefined
  const bytes = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return bytes.every((byte) => byte < 256) ? Uint8Array.from(bytes) : undefined
}

function parseIpv6(text: string): Uint8Array | undefined {
  const percent = text.indexOf("%")
  const halves = (percent < 0 ? text : text.slice(0, percent)).split("::")
  // An IPv4 address may stand at the very end alone.
  if (halves.length > 2 || (halves.length === 2 && halves[0]?.includes("."))) return undefined
  const [head, tail] = halves.map(parseGroups)
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  if (tail === undefined) return head.length === 16 ? Uint8Array.from(head) : undefined
  // The colons stand for one group of zeros at least.
  const zeros = 16 - head.length - tail.length
  return zeros < 2 ? undefined : Uint8Array.from([...head, ...new Array<number>(zeros).fill(0), ...tail])
}

/** Groups of hexadecimal digits; the last two may be written as an IPv4 address. */
function parseGroups(text: string): number[] | undefined {
  if (text === "") return []
  const groups = text.split(":")
  const bytes: number[] = []
  for (const [index, group] of groups.entries()) {
    const embedded = index === groups.length - 1 ? parseIpv4(group) : undefined
    if (embedded !== undefined) bytes.push(...embedded)
    else if (/^[\da-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    } else return undefined
  }
  return bytes
}

/** An address without its port and brackets. */
export function hostOf(address: string): string {
  const end = address.lastIndexOf(":")
  const host = end < 0 ? address : address.slice(0, end)
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host
}

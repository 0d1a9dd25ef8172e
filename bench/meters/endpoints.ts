/** Tells whoever started this meter which port a wildcard became, so that the other meter can connect. */
export function announceEndpoint(socket: { readonly lastEndpoint: string | null }, bindTo: string): void {
  if (socket.lastEndpoint !== bindTo) console.log(`endpoint ${socket.lastEndpoint}`)
}

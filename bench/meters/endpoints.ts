/** Tells whoever started this meter where its sockets are bound, so that the other meter can connect. */
export function announceEndpoints(...sockets: readonly { readonly lastEndpoint: string | null }[]): void {
  console.log(["endpoints", ...sockets.map((socket) => socket.lastEndpoint)].join(" "))
}

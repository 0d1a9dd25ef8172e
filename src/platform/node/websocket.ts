import type { WebSocketPlatform, WebSocketServerPlatform } from "../../transports/websocket-platform.js"
import { nodeStreams } from "./streams.js"
import { attachToServer } from "./websocket-attach.js"
import { connectWebSocket } from "./websocket-dial.js"
import { listenForWebSockets } from "./websocket-listen.js"

/** WebSockets with the library `ws`. */
export const nodeWebSockets: WebSocketPlatform = { connect: connectWebSocket }

/** Servers with it. */
export const nodeWebSocketServers: WebSocketServerPlatform = {
  listen: listenForWebSockets,
  attach: attachToServer,
  resolve: nodeStreams.resolve,
  interfaceAddress: nodeStreams.interfaceAddress,
}

// What users import as "puremq/draft": socket types that libzmq has as drafts, which may change.

export { Channel } from "./sockets/channel.js"
export { Client } from "./sockets/client.js"
export { Datagram } from "./sockets/datagram.js"
export { Dish } from "./sockets/dish.js"
export { CHANNEL, CLIENT, DGRAM, DISH, GATHER, PEER, RADIO, SCATTER, SERVER } from "./sockets/draft-types.js"
export { Gather } from "./sockets/gather.js"
export type { DishGroupOptions, RadioGroupOptions } from "./sockets/group-names.js"
export { Peer } from "./sockets/peer.js"
export { Radio } from "./sockets/radio.js"
export { Scatter } from "./sockets/scatter.js"
export { Server } from "./sockets/server.js"
export type { ServerRoutingOptions } from "./sockets/server-ids.js"

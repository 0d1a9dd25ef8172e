// Every compatible pair of the eleven types with a live libzmq, frame sizes around each boundary, byte for byte.
import { messagesOf, pairs, playPairs } from "./pairs.js"

playPairs({
  pairs,
  addresses: ["tcp://127.0.0.1:*", "ipc://*", "ws://127.0.0.1:*"],
  messages: messagesOf([0, 1, 255, 256, 65_535, 65_536, 5_000_000]),
})

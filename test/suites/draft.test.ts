import { channelScenarios } from "./draft-channel.js"
import { messageScenarios } from "./draft-notices.js"
import { peerScenarios } from "./draft-peer.js"
import { radioDishScenarios } from "./draft-radio-dish.js"
import { scatterGatherScenarios } from "./draft-scatter-gather.js"
import { serverClientScenarios } from "./draft-server-client.js"
import { playEverywhere } from "./everywhere.js"

playEverywhere(
  serverClientScenarios,
  radioDishScenarios,
  scatterGatherScenarios,
  channelScenarios,
  peerScenarios,
  messageScenarios,
)

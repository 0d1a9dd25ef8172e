import { playEverywhere } from "./everywhere.js"
import { closeScenarios } from "./lifecycle-close.js"
import { endpointScenarios } from "./lifecycle-endpoints.js"
import { immediateScenarios } from "./lifecycle-immediate.js"
import { lingerScenarios } from "./lifecycle-linger.js"
import { reconnectScenarios } from "./lifecycle-reconnect.js"

playEverywhere(reconnectScenarios, immediateScenarios, endpointScenarios, lingerScenarios, closeScenarios)

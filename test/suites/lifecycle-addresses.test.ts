import { playEverywhere } from "./everywhere.js"
import { addressScenarios } from "./lifecycle-addresses.js"
import { badAddressScenarios } from "./lifecycle-bad-addresses.js"
import { limitScenarios } from "./lifecycle-limits.js"

playEverywhere(addressScenarios, badAddressScenarios, limitScenarios)

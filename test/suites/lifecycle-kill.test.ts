import { playEverywhere } from "./everywhere.js"
import { killScenarios } from "./lifecycle-kill.js"

playEverywhere(killScenarios)

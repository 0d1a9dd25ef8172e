import { playEverywhere } from "./everywhere.js"
import { crowdScenarios } from "./lifecycle-crowds.js"

playEverywhere(crowdScenarios)

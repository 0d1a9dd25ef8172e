import { playEverywhere } from "./everywhere.js"
import { slowConsumerScenarios } from "./slow-consumers.js"

playEverywhere(slowConsumerScenarios)

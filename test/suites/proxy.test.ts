import { playEverywhere } from "./everywhere.js"
import { proxyPassingScenarios } from "./proxy-passing.js"
import { proxyRunningScenarios } from "./proxy-running.js"

playEverywhere(proxyPassingScenarios, proxyRunningScenarios)

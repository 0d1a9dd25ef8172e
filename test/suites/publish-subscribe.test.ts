import { playEverywhere } from "./everywhere.js"
import { publishSubscribeScenarios } from "./pattern-publish-subscribe.js"

playEverywhere(publishSubscribeScenarios)

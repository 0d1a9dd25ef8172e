import { playEverywhere } from "./everywhere.js"
import { noticeScenarios } from "./pattern-notices.js"
import { queueScenarios } from "./pattern-queues.js"
import { requestOptionScenarios } from "./pattern-request-options.js"
import { routerNameScenarios } from "./pattern-router-names.js"

playEverywhere(requestOptionScenarios, routerNameScenarios, noticeScenarios, queueScenarios)

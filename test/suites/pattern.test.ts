import { playEverywhere } from "./everywhere.js"
import { dealerRouterScenarios } from "./pattern-dealer-router.js"
import { highWaterMarkScenarios } from "./pattern-high-water-mark.js"
import { pairScenarios } from "./pattern-pair.js"
import { pushPullScenarios } from "./pattern-push-pull.js"
import { requestReplyScenarios } from "./pattern-request-reply.js"
import { requestReplyLossScenarios } from "./pattern-request-reply-loss.js"
import { routerDeliveryScenarios } from "./pattern-router-delivery.js"

playEverywhere(
  pushPullScenarios,
  requestReplyScenarios,
  requestReplyLossScenarios,
  dealerRouterScenarios,
  routerDeliveryScenarios,
  pairScenarios,
  highWaterMarkScenarios,
)

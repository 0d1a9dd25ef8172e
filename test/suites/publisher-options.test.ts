import { playEverywhere } from "./everywhere.js"
import { publisherDeliveryScenarios } from "./publisher-delivery.js"
import { publisherManualScenarios } from "./publisher-manual.js"
import { publisherMarkScenarios } from "./publisher-marks.js"
import { publisherNotificationScenarios } from "./publisher-notifications.js"

playEverywhere(
  publisherNotificationScenarios,
  publisherManualScenarios,
  publisherDeliveryScenarios,
  publisherMarkScenarios,
)

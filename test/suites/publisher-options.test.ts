import { playEverywhere } from "./everywhere.js"
import { publisherManualScenarios } from "./publisher-manual.js"
import { publisherNotificationScenarios } from "./publisher-notifications.js"

playEverywhere(publisherNotificationScenarios, publisherManualScenarios)

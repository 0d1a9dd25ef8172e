import { playEverywhere } from "./everywhere.js"
import { publisherNotificationScenarios } from "./publisher-notifications.js"

playEverywhere(publisherNotificationScenarios)

import { Subscriber } from "puremq"
import { readArguments } from "./arguments.js"
import { topic } from "./topics.js"

const { address, subscriptions } = readArguments("subscriptions")
const subscriber = new Subscriber()
subscriber.connect(address)
subscriber.subscribe(...Array.from({ length: subscriptions }, (_, number) => topic(number)))
for await (const _ of subscriber);

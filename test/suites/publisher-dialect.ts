// What publishers and subscribers of puremq have as properties and methods, and zeromq.js by libzmq's numbers only.
import { eventually } from "./deadline.js"

const optionNumbers = {
  manualLastValue: 98,
  onlyFirstSubscribe: 108,
  verboseUnsubscribe: 115,
  welcomeMessage: 72,
} as const

const SUBSCRIBE = 6
const UNSUBSCRIBE = 7
const TOPICS_COUNT = 116

type Switch = keyof typeof optionNumbers
type Dialect = Record<string, unknown> & {
  readonly readable: boolean
  setBoolOption(option: number, value: boolean): void
  setStringOption(option: number, value: string): void
  getInt32Option(option: number): number
  subscribe?(topic: string): void
  unsubscribe?(topic: string): void
}

export function turn(socket: object, name: Switch, value: boolean | string): void {
  const target = socket as Dialect
  if (name in target) target[name] = value
  else if (typeof value === "string") target.setStringOption(optionNumbers[name], value)
  else target.setBoolOption(optionNumbers[name], value)
}

/** Subscribes the peer whose notification an XPUB received last. */
export function grant(publisher: object, topic: string): void {
  const target = publisher as Dialect
  if (typeof target.subscribe === "function") target.subscribe(topic)
  else target.setStringOption(SUBSCRIBE, topic)
}

/** Takes a topic from the peer whose notification an XPUB received last. */
export function withdraw(publisher: object, topic: string): void {
  const target = publisher as Dialect
  if (typeof target.unsubscribe === "function") target.unsubscribe(topic)
  else target.setStringOption(UNSUBSCRIBE, topic)
}

/** Waits until the socket counts so many topics. */
export async function countsTopics(socket: object, count: number): Promise<void> {
  const target = socket as Dialect
  await eventually(async () => {
    // libzmq handles what came when it is asked whether something did.
    void target.readable
    const counted = "topicsCount" in target ? target.topicsCount : target.getInt32Option(TOPICS_COUNT)
    return counted === count
  }, `${count} topics to be counted`)
}

import { setTimeout as delay } from "node:timers/promises"
import type { Frame } from "../index.js"

/** What came from one endpoint with one topic. */
export interface Row {
  readonly endpoint: string
  readonly topic: string
  /** Since the beginning. */
  readonly messages: number
  readonly messagesPerSecond: number
  readonly bytesPerSecond: number
}

/** What came within an interval. */
export interface Report {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly messagesPerSecond: number
  readonly bytesPerSecond: number
  /** The busiest first. */
  readonly rows: readonly Row[]
}

interface Entry {
  readonly endpoint: string
  readonly topic: string
  messages: number
  bytes: number
  reportedMessages: number
  reportedBytes: number
}

/** Topics beyond this are counted together: who publishes numbers as topics must not fill the memory. */
const MOST_TOPICS = 10_000
const OTHERS = "(others)"

/** Counts messages by endpoint and topic. */
export class Tally {
  private readonly toTopic: (first: Frame) => string
  private readonly entries: Map<string, Map<string, Entry>> = new Map()
  private size = 0
  private reportedAt: number = performance.now()

  constructor(toTopic: (first: Frame) => string) {
    this.toTopic = toTopic
  }

  add(endpoint: string, message: readonly Frame[]): void {
    const entry = this.entry(endpoint, this.toTopic(message[0] as Frame))
    entry.messages++
    for (const frame of message) entry.bytes += frame.length
  }

  /** What comes from the last report on until so many milliseconds from now. */
  async after(interval: number, signal: AbortSignal): Promise<Report> {
    await delay(interval, undefined, { signal })
    const now = performance.now()
    const seconds = (now - this.reportedAt) / 1000
    this.reportedAt = now
    const rows: Row[] = []
    for (const topics of this.entries.values()) {
      for (const entry of topics.values()) rows.push(toRow(entry, seconds))
    }
    rows.sort((a, b) => b.messagesPerSecond - a.messagesPerSecond || b.messages - a.messages)
    const sum = (pick: (row: Row) => number): number => rows.reduce((total, row) => total + pick(row), 0)
    return {
      time: Date.now(),
      messagesPerSecond: sum((row) => row.messagesPerSecond),
      bytesPerSecond: sum((row) => row.bytesPerSecond),
      rows,
    }
  }

  private entry(endpoint: string, topic: string): Entry {
    let topics = this.entries.get(endpoint)
    if (topics === undefined) this.entries.set(endpoint, (topics = new Map()))
    const known = topics.get(topic)
    if (known !== undefined) return known
    if (this.size >= MOST_TOPICS && topic !== OTHERS) return this.entry(endpoint, OTHERS)
    this.size++
    const entry = { endpoint, topic, messages: 0, bytes: 0, reportedMessages: 0, reportedBytes: 0 }
    topics.set(topic, entry)
    return entry
  }
}

function toRow(entry: Entry, seconds: number): Row {
  const { endpoint, topic, messages, bytes } = entry
  const row = {
    endpoint,
    topic,
    messages,
    messagesPerSecond: (messages - entry.reportedMessages) / seconds,
    bytesPerSecond: (bytes - entry.reportedBytes) / seconds,
  }
  entry.reportedMessages = messages
  entry.reportedBytes = bytes
  return row
}

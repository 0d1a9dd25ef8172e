/** One in so many messages has a subscriber. */
const MATCH_EVERY = 20
const VARIETY = 4000

export function topic(number: number): string {
  return `topic/${String(number).padStart(10, "0")}`
}

/** Messages of which one in twenty begins with one of so many topics, and the others with topics of the same form. */
export function messagesAmong(subscriptions: number, size: number): Buffer[] {
  return Array.from({ length: VARIETY }, (_, at) => {
    const number = Math.floor(Math.random() * subscriptions)
    const body = Buffer.alloc(size)
    body.write(topic(at % MATCH_EVERY === 0 ? number : subscriptions + number))
    return body
  })
}

/** One in so many topics is subscribed to, and every topic is published in its turn. */
export const stride = 20

/** The topics of which each `stride`th is subscribed to, spread evenly over eight hexadecimal digits. */
export function listTopics(subscriptions: number): string[] {
  return Array.from({ length: subscriptions * stride }, (_, number) =>
    (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0"),
  )
}

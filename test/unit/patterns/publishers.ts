import { defaultOptions } from "#src/core/options.js"
import { type PublisherSettings, XpubPattern } from "#src/patterns/xpub.js"

type Settings = { -readonly [Name in keyof PublisherSettings]: PublisherSettings[Name] }

/** These options of a publisher, all others as they are by default. */
export function publisherSettings(settings: Partial<Settings>): Settings {
  return Object.assign(defaultOptions("XPUB") as unknown as Settings, settings)
}

export function xpub(settings: Partial<Settings> = {}): XpubPattern {
  const pattern = new XpubPattern(publisherSettings(settings))
  pattern.optionsChanged()
  return pattern
}

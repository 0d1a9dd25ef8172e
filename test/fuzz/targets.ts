// Everything that can be attacked with chance alone, by name.
import { attack } from "./attack.js"
import { attackHandshake } from "./attack-handshake.js"
import { attackMechanism } from "./attack-mechanism.js"
import { attackWithPackets } from "./attack-packets.js"
import { attackSealed } from "./attack-sealed.js"
import { attackSocks, attackZap } from "./authentication.js"
import type { Chance } from "./chance.js"
import { attackWithDatagrams } from "./datagrams.js"
import { attackGreetings } from "./greetings.js"
import { packets, stream } from "./media.js"
import { attackOptions } from "./option-values.js"
import { attackAddress, attackCertificate, attackZ85 } from "./texts.js"

/** One attack; throws where something is wrong, and else tells into which classes the outcome falls. */
export type Target = (chance: Chance) => Promise<string[]> | string[]

/** All of them. */
export const targets: ReadonlyMap<string, Target> = new Map<string, Target>([
  ["decoder", (chance) => (attack(chance).refused ? ["refused"] : ["decoded"])],
  ["mechanisms", (chance) => attackMechanism(chance, stream)],
  ["web-mechanisms", (chance) => attackMechanism(chance, packets)],
  [
    "handshake",
    async (chance) => {
      const { events, received } = await attackHandshake(chance)
      const classes = events
        .filter((event) => event.startsWith("handshake"))
        .map((event) => event.split(" ", 1)[0] as string)
      return received.length > 0 ? [...classes, "heard"] : classes
    },
  ],
  [
    "datagrams",
    (chance) => {
      const { delivered, dropped } = attackWithDatagrams(chance)
      return [...(delivered > 0 ? ["delivered"] : []), ...(dropped > 0 ? ["dropped"] : [])]
    },
  ],
  ["packets", attackWithPackets],
  ["sealed", attackSealed],
  ["greetings", attackGreetings],
  ["zap", attackZap],
  ["socks", attackSocks],
  ["addresses", attackAddress],
  ["options", attackOptions],
  ["z85", attackZ85],
  ["certificates", attackCertificate],
])

import type { PatternFactory } from "#src/core/socket.js"
import { ChannelPattern } from "#src/patterns/channel.js"
import { ClientPattern } from "#src/patterns/client.js"
import { DealerPattern } from "#src/patterns/dealer.js"
import { DishPattern } from "#src/patterns/dish.js"
import { GatherPattern } from "#src/patterns/gather.js"
import { PairPattern } from "#src/patterns/pair.js"
import { PubPattern } from "#src/patterns/pub.js"
import { PullPattern } from "#src/patterns/pull.js"
import { PushPattern } from "#src/patterns/push.js"
import { RadioPattern } from "#src/patterns/radio.js"
import { RepPattern } from "#src/patterns/rep.js"
import { ReqPattern } from "#src/patterns/req.js"
import { RouterPattern } from "#src/patterns/router.js"
import { ScatterPattern } from "#src/patterns/scatter.js"
import { ServerPattern } from "#src/patterns/server.js"
import { SubPattern } from "#src/patterns/sub.js"
import { XpubPattern } from "#src/patterns/xpub.js"
import { XsubPattern } from "#src/patterns/xsub.js"
import type { SocketType } from "./plan.js"

/** How the public classes make their patterns. */
export const patterns: Readonly<Record<SocketType, PatternFactory>> = {
  PAIR: () => new PairPattern(),
  PUB: (options) => new PubPattern(options),
  SUB: (options) => new SubPattern(options),
  REQ: (options, random) => new ReqPattern(options, random),
  REP: () => new RepPattern(),
  DEALER: (options) => new DealerPattern(options),
  ROUTER: (options, random) => new RouterPattern(options, random),
  PULL: () => new PullPattern(),
  PUSH: () => new PushPattern(),
  XPUB: (options) => new XpubPattern(options),
  XSUB: (options) => new XsubPattern(options),
  CLIENT: () => new ClientPattern(),
  SERVER: (_options, random) => new ServerPattern(random),
  RADIO: (options) => new RadioPattern(options),
  DISH: () => new DishPattern(),
  SCATTER: () => new ScatterPattern(),
  GATHER: () => new GatherPattern(),
  PEER: (_options, random) => new ServerPattern(random),
  CHANNEL: () => new ChannelPattern(),
}

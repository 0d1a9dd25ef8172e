import type { PatternFactory } from "#src/core/socket.js"
import { DealerPattern } from "#src/patterns/dealer.js"
import { PairPattern } from "#src/patterns/pair.js"
import { PubPattern } from "#src/patterns/pub.js"
import { PullPattern } from "#src/patterns/pull.js"
import { PushPattern } from "#src/patterns/push.js"
import { RepPattern } from "#src/patterns/rep.js"
import { ReqPattern } from "#src/patterns/req.js"
import { RouterPattern } from "#src/patterns/router.js"
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
}

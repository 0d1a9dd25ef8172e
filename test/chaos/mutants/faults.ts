// Faults to put into the compiled library, one at a time, each with the round that has to find it.
import { type Fault, faults } from "../../simulation/mutants/faults.js"

export interface Planted {
  readonly fault: Fault
  /** The beginning of a round's name. */
  readonly round: string
  /** What is said of the fault then. */
  readonly says: RegExp
}

/** A letter with a byte that is another, or, where that was of a frame's length, the end of its connection. */
const OTHER_BYTES = /^lost: |: Error: A message('s checksum is wrong| of \d+ parts came with| begins with)/
/** Nothing arrives any more. */
const ARRIVES = /^Waited \d+ ms in vain for (\d+ letters|what \w+ sends|the last letter) /

/** One of those that the simulation has to find, too. */
function known(name: string, round: string, says: RegExp): Planted {
  const fault = faults.find((one) => one.name === name)
  if (fault === undefined) throw new Error(`There is no fault "${name}"`)
  return { fault, round, says }
}

function own(name: string, round: string, says: RegExp, module: string, from: string, to: string): Planted {
  return { fault: { name, module, from, to }, round, says }
}

export const planted: readonly Planted[] = [
  own(
    "a message delivered twice",
    "none, PUSH to PULL",
    / came twice$/,
    "core/inbox.js",
    "const message = run.take();",
    `if (this.again !== undefined) {
      const { again } = this; this.again = undefined; return again
    }
    const message = run.take();
    if ((this.taken = (this.taken ?? 0) + 1) % 20 === 0) this.again = message.slice();`,
  ),
  own(
    "a message lost",
    "none, PUSH to PULL",
    /^lost: /,
    "patterns/push.js",
    "return this.balancer.send(message) !== undefined;",
    "return (this.sent = (this.sent ?? 0) + 1) % 40 === 0 || this.balancer.send(message) !== undefined;",
  ),
  own(
    "two messages in each other's place",
    "none, PUSH to PULL",
    / came too early, while 0 connections ended$/,
    "patterns/push.js",
    "return this.balancer.send(message) !== undefined;",
    `if (this.held === undefined && this.canSend && (this.sent = (this.sent ?? 0) + 1) % 40 === 0) {
      this.held = message.slice(); return true
    }
    const sent = this.balancer.send(message) !== undefined;
    if (sent && this.held !== undefined) { const { held } = this; this.held = undefined; this.balancer.send(held) }
    return sent;`,
  ),
  known("a part of a message delivered by itself", "none, PUSH to PULL", / of \d+ parts came with \d+$/),
  known("memory used again before its bytes have left", "reads nothing, PUSH to PULL", OTHER_BYTES),
  known(
    "the mark for sending ignored",
    "reads nothing, PUSH to PULL",
    / in vain for a sender to fill a queue /,
  ),
  known("a link that waited for its reader not woken", "reads nothing, PUSH to PULL", ARRIVES),
  known("a sender that waited for room not woken", "reads nothing, PUSH to PULL", ARRIVES),
  known("a pipe that has room again not sent to", "reads nothing, PUSH to PULL", ARRIVES),
  own(
    "a PUB that drops without counting",
    "reads nothing, SUB to PUB",
    / letters are missing, of which the PUB dropped 0$/,
    "patterns/xpub.js",
    "if (!pipe.write(message))\n                    this.dropped++;\n            }\n        }\n        return true;",
    "pipe.write(message);\n            }\n        }\n        return true;",
  ),
  known("messages of a broken connection dropped", "cut while full, PUSH to PULL", /^lost from a queue: /),
  known("subscriptions not sent again after a reconnect", "cut by RST, SUB to PUB", ARRIVES),
  known("a lost connection not made again", "cut by FIN, DEALER to ROUTER", ARRIVES),
  own(
    "what waits for a connection dropped when none comes about",
    "refused, PUSH to PULL",
    /^lost without an end of a connection: /,
    "core/connection.js",
    "if (ending.linked && this.core.pattern.startsOver)",
    "if (!ending.linked || this.core.pattern.startsOver)",
  ),
  own(
    "a refusal taken for the last word",
    "refused, PUSH to PULL",
    ARRIVES,
    "core/dialer.js",
    "const retry = ending.retry && this.mayRetry(ending);",
    "const retry = ending.retry && !ending.refused && this.mayRetry(ending);",
  ),
  own(
    "a name that is not found never looked up again",
    "name not found, PUSH to PULL",
    ARRIVES,
    "core/dialer.js",
    "const retry = ending.retry && this.mayRetry(ending);",
    "const retry = ending.retry && !/ENOTFOUND|EAI_/.test(ending.error?.code) && this.mayRetry(ending);",
  ),
  own(
    "silence not noticed",
    "half-open, PUSH to PULL",
    ARRIVES,
    "link/heartbeat.js",
    "this.owner.silent();",
    ";",
  ),
  own(
    "silence measured by the calendar",
    "clock jumps, PUSH to PULL",
    /^a connection was given up when the clock jumped$/,
    "link/heartbeat.js",
    "const { timeout } = this.settings;",
    `const { timeout } = this.settings;
            const before = this.looked ?? Date.now();
            this.looked = Date.now();
            if (this.looked - before > 60_000) this.owner.silent();`,
  ),
  own(
    "a listener closed for want of files",
    "no files left, PUSH to PULL",
    ARRIVES,
    "platform/node/listen.js",
    'server.on("connection", (socket) => arrivals.add(socket));',
    `server.on("connection", (socket) => {
        arrivals.add(socket);
        // Where no file is left, none is to be had for this either.
        try { process.getBuiltinModule("node:fs").closeSync(process.getBuiltinModule("node:fs").openSync("/dev/null")) }
        catch { server.close() }
    });`,
  ),
  own(
    "a port that is taken passed over",
    "port taken, PUSH to PULL",
    / in vain for a bind to be refused$/,
    "core/endpoints.js",
    "await transport.listen(address, core.hello(), core.options, accept, options);",
    `await transport.listen(address, core.hello(), core.options, accept, options)
                .catch(() => ({ address, close: async () => {} }));`,
  ),
  known(
    "a pending operation that never settles",
    "none, PUSH to PULL",
    / in vain for everything to be settled$/,
  ),
]

// Faults to put into the compiled library, one at a time, each with the round that has to find it.
import { type Fault, faults } from "../../simulation/mutants/faults.js"

export interface Planted {
  readonly fault: Fault
  /** The beginning of a round's name. */
  readonly round: string
}

/** One of those that the simulation has to find, too. */
function known(name: string, round: string): Planted {
  const fault = faults.find((one) => one.name === name)
  if (fault === undefined) throw new Error(`There is no fault "${name}"`)
  return { fault, round }
}

function own(name: string, round: string, module: string, from: string, to: string): Planted {
  return { fault: { name, module, from, to }, round }
}

export const planted: readonly Planted[] = [
  own(
    "a message delivered twice",
    "none, PUSH to PULL",
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
    "patterns/push.js",
    "return this.balancer.send(message) !== undefined;",
    "return (this.sent = (this.sent ?? 0) + 1) % 40 === 0 || this.balancer.send(message) !== undefined;",
  ),
  own(
    "two messages in each other's place",
    "none, PUSH to PULL",
    "patterns/push.js",
    "return this.balancer.send(message) !== undefined;",
    `if (this.held === undefined && this.canSend && (this.sent = (this.sent ?? 0) + 1) % 40 === 0) {
      this.held = message.slice(); return true
    }
    const sent = this.balancer.send(message) !== undefined;
    if (sent && this.held !== undefined) { const { held } = this; this.held = undefined; this.balancer.send(held) }
    return sent;`,
  ),
  known("a part of a message delivered by itself", "none, PUSH to PULL"),
  known("memory used again before its bytes have left", "reads nothing, PUSH to PULL"),
  known("the mark for sending ignored", "reads nothing, PUSH to PULL"),
  known("a link that waited for its reader not woken", "reads nothing, PUSH to PULL"),
  known("a sender that waited for room not woken", "reads nothing, PUSH to PULL"),
  known("a pipe that has room again not sent to", "reads nothing, PUSH to PULL"),
  own(
    "a PUB that drops without counting",
    "reads nothing, SUB to PUB",
    "patterns/xpub.js",
    "if (!pipe.write(message))\n                    this.dropped++;\n            }\n        }\n        return true;",
    "pipe.write(message);\n            }\n        }\n        return true;",
  ),
  known("messages of a broken connection dropped", "cut while full, PUSH to PULL"),
  known("subscriptions not sent again after a reconnect", "cut by RST, SUB to PUB"),
  known("a lost connection not made again", "cut by FIN, DEALER to ROUTER"),
  own(
    "what waits for a connection dropped when none comes about",
    "refused, PUSH to PULL",
    "core/connection.js",
    "if (ending.linked && this.core.pattern.startsOver)",
    "if (!ending.linked || this.core.pattern.startsOver)",
  ),
  own(
    "a refusal taken for the last word",
    "refused, PUSH to PULL",
    "core/dialer.js",
    "const retry = ending.retry && this.mayRetry(ending);",
    "const retry = ending.retry && !ending.refused && this.mayRetry(ending);",
  ),
  own(
    "a name that is not found never looked up again",
    "name not found, PUSH to PULL",
    "core/dialer.js",
    "const retry = ending.retry && this.mayRetry(ending);",
    "const retry = ending.retry && !/ENOTFOUND|EAI_/.test(ending.error?.code) && this.mayRetry(ending);",
  ),
  own("silence not noticed", "half-open, PUSH to PULL", "link/heartbeat.js", "this.owner.silent();", ";"),
  own(
    "silence measured by the calendar",
    "clock jumps, PUSH to PULL",
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
    "core/endpoints.js",
    "await transport.listen(address, core.hello(), core.options, accept, options);",
    `await transport.listen(address, core.hello(), core.options, accept, options)
                .catch(() => ({ address, close: async () => {} }));`,
  ),
  known("a pending operation that never settles", "none, PUSH to PULL"),
]

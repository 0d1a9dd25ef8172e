// Faults to put into the compiled library, one at a time.

export interface Fault {
  readonly name: string
  /** A module of dist/. */
  readonly module: string
  /** Stands there once. */
  readonly from: string
  readonly to: string
}

/** One that a seed has to find. */
export interface SimulatedFault extends Fault {
  /** What is said of it then. */
  readonly says: RegExp
}

export const faults: readonly SimulatedFault[] = [
  {
    name: "credit for one message too many",
    says: /^mark: .* to send$/,
    module: "core/pipe.js",
    from: "if (this.outbox.length < this.sendMark || this.link?.idle)",
    to: "if (this.outbox.length <= this.sendMark || this.link?.idle)",
  },
  {
    name: "the mark for sending ignored",
    says: /^mark: .* to send$/,
    module: "core/pipe.js",
    from: "if (outbox.length >= this.sendMark && !this.writable)",
    to: "if (false)",
  },
  {
    name: "the mark for receiving ignored",
    says: /^mark: .*(unread of \d+|reads on beyond it)$/,
    module: "core/pipe.js",
    from: "this.owner.readable(this);\n        if (inbox.length < this.receiveMark)\n            return true;\n        this.halted = true;\n        return false;",
    to: "this.owner.readable(this);\n        return true;",
  },
  {
    name: "a link that waited for its reader not woken",
    says: /^stuck: /,
    module: "core/pipe.js",
    from: "this.stepwise = false;\n        this.link?.resume();",
    to: "this.stepwise = false;",
  },
  {
    name: "a sender that waited for room not woken",
    says: /^wake-up: .* could send and does not$/,
    module: "core/socket.js",
    from: "this.pattern.writable(pipe);\n        this.traffic.serveSenders();",
    to: "this.pattern.writable(pipe);",
  },
  {
    name: "a pipe that has room again not sent to",
    says: /^wake-up: .* could send and does not$/,
    module: "patterns/push.js",
    from: "this.balancer.activate(pipe);",
    to: "",
  },
  {
    name: "subscriptions not sent again after a reconnect",
    says: /^subscription: .* missed /,
    module: "patterns/xsub.js",
    from: "for (const topic of this.topics.keys())",
    to: "if (pipe.peer?.known ? true : ((pipe.peer.known = true), pipe.seen)) return; pipe.seen = true; for (const topic of this.topics.keys())",
  },
  {
    name: "a cancellation lost",
    says: /^(subscription: .* got|topic: .* did not want) /,
    module: "patterns/xsub.js",
    from: "if (count === 1 || this.settings.verboseUnsubscribe)",
    to: "if (this.settings.verboseUnsubscribe)",
  },
  {
    name: "a cancellation that takes what is asked for twice",
    says: /^subscription: .* missed /,
    module: "patterns/xsub.js",
    from: "if (count > 1)",
    to: "if (count > 2)",
  },
  {
    name: "a part of a message delivered by itself",
    says: /^damage: .* of \d+ frames$/,
    module: "wire/encoder.js",
    from: "for (let at = 0; at < last; at++)\n            this.pushFrame(message[at], MORE);",
    to: "for (let at = 0; at < last; at++)\n            this.pushFrame(message[at], at === 4 ? 0 : MORE);",
  },
  {
    name: "what a broken connection had not sent is sent once more",
    says: /^twice: /,
    module: "link/link-writer.js",
    from: "stop() {\n        this.stopped = true;",
    to: "stop() {\n        this.stopped = true;\n        const { inFlight, outbox } = this;\n        this.inFlight = undefined;\n        if (inFlight !== undefined) {\n            outbox.closed.push(inFlight);\n            outbox.length += inFlight.messages;\n            outbox.closedMessages += inFlight.messages;\n            outbox.hasFullBatch = true;\n        }",
  },
  {
    name: "the last message of a dead link delivered twice",
    says: /^twice: /,
    module: "core/connection.js",
    from: "this.pipe.relink(undefined);",
    to: "this.pipe.relink(undefined);\n            const message = this.pipe.inbox.length === 1 ? this.pipe.inbox.shift() : undefined;\n            if (message !== undefined) {\n                this.pipe.inbox.push(message.slice());\n                this.pipe.inbox.push(message.slice());\n            }",
  },
  {
    name: "messages that overtake others in a queue",
    says: /^Cannot read properties of undefined/,
    module: "core/inbox.js",
    from: "pushRun(run) {\n        this.open = undefined;",
    to: "pushRun(run) {",
  },
  {
    name: "the mark ignored within a process",
    says: /^mark: .* to send$/,
    module: "link/inproc.js",
    from: "if (!this.hasTaker)\n            return false;",
    to: "",
  },
  {
    name: "messages of a broken connection dropped",
    says: /^lost: /,
    module: "core/connection.js",
    from: "if (ending.linked && this.core.pattern.startsOver)",
    to: "if (ending.linked)",
  },
  {
    name: "a pending operation that never settles",
    says: /^left: timers of /,
    module: "core/wait-list.js",
    from: "while (this.waiters.length > 0)",
    to: "while (this.waiters.length > 1)",
  },
  {
    name: "the timer of an operation left",
    says: /^left: timers of /,
    module: "core/wait-list.js",
    from: "waiter.timer?.cancel();",
    to: "",
  },
  {
    name: "the timer of a heartbeat left",
    says: /^left: timers of /,
    module: "link/heartbeat.js",
    from: "this.interval?.cancel();",
    to: "",
  },
  {
    name: "a connection that lingers without a limit",
    says: /^end: the context of .* does not end$/,
    module: "core/connection.js",
    from: "if (linger > 0)",
    to: "if (linger > 1e6)",
  },
  {
    name: "a listener left",
    says: /^left: listeners/,
    module: "core/endpoints.js",
    from: "for (const { listener } of this.bindings.values())",
    to: "for (const { listener } of [...this.bindings.values()].slice(1))",
  },
  {
    name: "a lost connection not made again",
    says: /^connection: /,
    module: "core/dialer.js",
    from: "if (retry && !(this.closing && !this.unflushed))",
    to: "if (retry && !ending.linked && !(this.closing && !this.unflushed))",
  },
  {
    name: "memory used again before its bytes have left",
    says: /^memory: bytes changed while their write was pending$/,
    module: "link/link-writer.js",
    from: "this.inFlight = batch;\n            this.writing = true;",
    to: "this.writing = true;\n            if (batch !== undefined)\n                this.outbox.release(batch);",
  },
  {
    name: "a message under the name of another peer",
    says: /^number: .* stands for two$/,
    module: "routing/fair-queue.js",
    from: "this.last = pipe;\n        this.current = at + 1;",
    to: "this.current = at + 1;",
  },
  {
    name: "an answer to another question taken",
    says: /^lockstep: /,
    module: "patterns/req.js",
    from: "if (frame[at] !== number[at])",
    to: "if (false)",
  },
  {
    name: "topics that are not matched by their whole length",
    says: /^(subscription: .* got|topic: .* did not want) /,
    module: "patterns/sub.js",
    from: "return this.topics.matches(message[0]) !== this.inverted;",
    to: "return this.topics.size > 0;",
  },
  {
    name: "groups not joined again after a reconnect",
    says: /^subscription: .* missed /,
    module: "patterns/dish.js",
    from: "for (const group of this.groups.values())\n            pipe.force([subscriptionFrame(SUBSCRIBE, group)]);\n    }\n    readable",
    to: "}\n    readable",
  },
  {
    name: "messages of groups that were left",
    says: /^topic: .* did not want /,
    module: "patterns/dish.js",
    from: "return this.groups.has(toLatin1(message[0]));",
    to: "return true;",
  },
  {
    name: "an answer to the client that was served last",
    says: /^astray: /,
    module: "patterns/server.js",
    from: "const pipe = this.find(message[0]);",
    to: "const pipe = this.answered ?? this.find(message[0]); this.answered = this.find(message[0]);",
  },
  {
    name: "a client that has room again not sent to",
    says: /^wake-up: .* could send and does not$/,
    module: "patterns/client.js",
    from: "this.balancer.activate(pipe);",
    to: "",
  },
  {
    name: "groups of an earlier DISH kept",
    says: /^group: .* was written to /,
    module: "patterns/radio.js",
    from: "this.forgetPredecessor(pipe);\n        const group",
    to: "const group",
  },
  {
    name: "what was found by a look handed out twice",
    says: /^twice: /,
    module: "patterns/channel.js",
    from: "const message = this.found ?? this.find();\n        this.found = undefined;",
    to: "const message = this.found ?? this.find();",
  },
]

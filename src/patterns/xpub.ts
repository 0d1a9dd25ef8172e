import { copyOf } from "../bytes.js"
import { LimitError, ZmqError } from "../errors.js"
import { type Frame, type Message, own, toFrame } from "../message.js"
import type { Peer } from "../peer.js"
import { Queue } from "../queue.js"
import { Pattern, type Pipe } from "../routing/pattern.js"
import { PipeTopics, type TopicLimits } from "../routing/pipe-topics.js"
import { Subscriptions } from "../routing/subscriptions.js"
import { asks, CANCEL, SUBSCRIBE, subscriptionFrame } from "../subscription.js"

/** When the user leaves so many notifications unread, subscribers have to wait until he reads some. */
const MAX_NOTIFICATIONS = 100_000
/** The same of their bytes. */
const MAX_NOTIFICATION_BYTES = 67_108_864

/** The options of publishers, as they are at the moment. */
export interface PublisherSettings extends TopicLimits {
  readonly verbosity: "allSubs" | "allSubsUnsubs" | null
  readonly manual: boolean
  readonly manualLastValue: boolean
  readonly welcomeMessage: string | Frame | null
  readonly noDrop: boolean
  readonly invertMatching: boolean
  readonly onlyFirstSubscribe: boolean
}

/** Something for the user to receive, and whose doing it is. */
interface Notification {
  readonly message: Message
  readonly pipe: Pipe
  readonly sender: Peer | undefined
  readonly kind: "subscription" | "cancellation" | "message"
}

/**
 * XPUB (RFC 29): sends each message to the subscribers whose topics are prefixes of its first frame. One that
 * reads too slowly loses messages; nobody else notices. Receives a notification, `\x01topic` or `\x00topic`,
 * when a topic gets its first subscriber or loses its last, and whatever else an XSUB sends.
 */
export class XpubPattern extends Pattern {
  override readonly readsAtOnce = true
  private readonly settings: PublisherSettings
  private readonly pipes: Set<Pipe> = new Set()
  private readonly subscriptions: Subscriptions = new Subscriptions()
  /** What each pipe asked for in manual mode, whatever it was given. */
  private readonly wishes: PipeTopics = new PipeTopics()
  private readonly notifications: Queue<Notification> = new Queue()
  private notificationBytes = 0
  private readonly waiting: Set<Pipe> = new Set()
  private readonly found: Set<Pipe>[] = []
  private readonly chosen: Pipe[] = []
  /** Whose messages are being handled. */
  private reading: Pipe | undefined
  private round = 0
  /** Options want more of {@link send} than the short way. */
  private choosy = false
  /** Whose notification was received last: whom {@link subscribe} acts for. */
  private last: Pipe | undefined
  /** With `manualLastValue`: who alone gets the next message. */
  private newcomer: Pipe | undefined
  private lastSender: Peer | undefined

  constructor(settings: PublisherSettings) {
    super()
    this.settings = settings
  }

  override optionsChanged(): void {
    const { noDrop, invertMatching, manualLastValue } = this.settings
    this.choosy = noDrop || invertMatching || manualLastValue
  }

  attach(pipe: Pipe): void {
    this.pipes.add(pipe)
    const { welcomeMessage } = this.settings
    // A copy: what one receiver within this process does to it no other one may see.
    if (welcomeMessage !== null && welcomeMessage.length > 0) pipe.force([copyOf(toFrame(welcomeMessage))])
  }

  detach(pipe: Pipe): void {
    this.pipes.delete(pipe)
    this.waiting.delete(pipe)
    if (this.last === pipe) this.last = undefined
    if (this.newcomer === pipe) this.newcomer = undefined
    const { manual } = this
    const each = this.settings.verbosity === "allSubsUnsubs"
    this.subscriptions.forget(pipe, (topic, wasLast) => {
      if (!manual && (wasLast || each)) this.notifyOf(pipe, subscriptionFrame(CANCEL, topic))
    })
    for (const topic of this.wishes.take(pipe)) {
      if (manual) this.notifyOf(pipe, subscriptionFrame(CANCEL, topic))
    }
  }

  override readable(pipe: Pipe): void {
    // Reading may let the connection deliver more, which comes here again before the message at hand was handled.
    if (this.reading === pipe) return
    this.reading = pipe
    if (!this.readAll(pipe)) this.waiting.add(pipe)
    this.reading = undefined
  }

  /** False: the user has to read first. */
  private readAll(pipe: Pipe): boolean {
    while (this.hasPatience) {
      const message = pipe.read()
      if (message === undefined) return true
      this.handle(pipe, message)
    }
    return false
  }

  private get hasPatience(): boolean {
    return this.notifications.length < MAX_NOTIFICATIONS && this.notificationBytes < MAX_NOTIFICATION_BYTES
  }

  override receive(): Message | undefined {
    const notification = this.notifications.shift()
    if (notification !== undefined) this.notificationBytes -= sizeOf(notification.message)
    if (this.waiting.size > 0) this.resume()
    if (notification === undefined) return undefined
    this.lastSender = notification.sender
    if (notification.kind !== "message") this.remember(notification)
    return notification.message
  }

  private remember({ pipe, kind }: Notification): void {
    this.last = pipe.ended ? undefined : pipe
    if (kind === "subscription") this.newcomer = this.last
    else if (this.newcomer === pipe) this.newcomer = undefined
  }

  override send(message: Message): boolean {
    if (this.choosy) return this.sendToChosen(message)
    const count = this.subscriptions.find(message[0] as Frame, this.found)
    // A subscriber whose topics overlap gets the message once.
    const round = ++this.round
    for (let at = 0; at < count; at++) {
      for (const pipe of this.found[at] as Set<Pipe>) {
        if (pipe.round === round) continue
        pipe.round = round
        if (!pipe.write(message)) this.dropped++
      }
    }
    return true
  }

  /** False: with `noDrop`, when one of those who ought to get the message has no room. Then nobody gets it. */
  private sendToChosen(message: Message): boolean {
    const { chosen } = this
    this.choose(message[0] as Frame)
    const goes = !this.settings.noDrop || chosen.every((pipe) => pipe.writable)
    if (goes) {
      this.newcomer = undefined
      for (const pipe of chosen) if (!pipe.write(message)) this.dropped++
    }
    chosen.length = 0
    return goes
  }

  private choose(text: Frame): void {
    const { chosen } = this
    const { invertMatching, manualLastValue } = this.settings
    const only = manualLastValue ? this.newcomer : undefined
    const count = this.subscriptions.find(text, this.found)
    const round = ++this.round
    for (let at = 0; at < count; at++) {
      for (const pipe of this.found[at] as Set<Pipe>) {
        if (pipe.round === round) continue
        pipe.round = round
        if (only === undefined && !invertMatching) chosen.push(pipe)
      }
    }
    if (only !== undefined) {
      if ((only.round === round) !== invertMatching) chosen.push(only)
    } else if (invertMatching) {
      for (const pipe of this.pipes) if (pipe.round !== round) chosen.push(pipe)
    }
  }

  /** In manual mode: gives a topic to the peer whose notification was received last. */
  subscribe(topic: Frame): void {
    this.checkManual()
    if (this.last !== undefined) this.subscriptions.add(this.last, topic)
  }

  /** In manual mode: takes a topic from the peer whose notification was received last. */
  unsubscribe(topic: Frame): void {
    this.checkManual()
    if (this.last !== undefined) this.subscriptions.delete(this.last, topic)
  }

  /** How many topics somebody is subscribed to. */
  get topicsCount(): number {
    return this.subscriptions.size
  }

  override get sender(): Peer | undefined {
    return this.lastSender
  }

  override get canSend(): boolean {
    return true
  }

  override get canReceive(): boolean {
    return this.notifications.length > 0
  }

  /** Something for the user to receive. */
  protected notify(notification: Notification): void {
    this.notifications.push(notification)
    this.notificationBytes += sizeOf(notification.message)
  }

  private notifyOf(pipe: Pipe, request: Frame): void {
    this.notify({
      message: [request],
      pipe,
      sender: pipe.sender,
      kind: request[0] === SUBSCRIBE ? "subscription" : "cancellation",
    })
  }

  private notifyOfMessage(pipe: Pipe, message: Message): void {
    // It may be here for long, and small frames share their memory with others that came with them.
    const kept = pipe.foreign ? own(message) : message
    this.notify({ message: kept, pipe, sender: pipe.sender, kind: "message" })
  }

  private get manual(): boolean {
    return this.settings.manual || this.settings.manualLastValue
  }

  private checkManual(): void {
    if (this.manual) return
    throw new ZmqError("EINVAL", {
      message: "Publishers subscribe for their peers with the option manual only.",
    })
  }

  /** Each frame counts by itself, as with libzmq; what is no subscription stays a message for the user. */
  private handle(pipe: Pipe, message: Message): void {
    if (this.settings.onlyFirstSubscribe && !asks(message[0] as Frame)) {
      this.notifyOfMessage(pipe, message)
      return
    }
    let others: Message | undefined
    for (const frame of message) {
      if (asks(frame)) this.handleRequest(pipe, frame)
      else if (others === undefined) others = [frame]
      else others.push(frame)
    }
    if (others !== undefined) this.notifyOfMessage(pipe, others)
  }

  private handleRequest(pipe: Pipe, request: Frame): void {
    // It may have ended while its last message was read: nobody would undo this any more.
    if (pipe.ended) return
    const topic = request.subarray(1) as Frame
    const wanted = request[0] === SUBSCRIBE
    if (wanted && pipe.foreign && !this.hasRoom(pipe, topic)) {
      pipe.refuse(new LimitError("ENOBUFS", { message: "The peer wants more topics than it may have." }))
      return
    }
    if (this.manual ? this.wish(pipe, topic, wanted) : this.obey(pipe, topic, wanted)) {
      this.notifyOf(pipe, copyOf(request))
    }
  }

  private hasRoom(pipe: Pipe, topic: Frame): boolean {
    const kept = this.manual ? this.wishes : this.subscriptions
    return kept.hasRoom(pipe, topic, this.settings)
  }

  /** Keeps in mind what was asked for; the user hears of all of it. */
  private wish(pipe: Pipe, topic: Frame, wanted: boolean): true {
    if (wanted) this.wishes.add(pipe, topic)
    else this.wishes.delete(pipe, topic)
    return true
  }

  /** Does what was asked for. Whether the user hears of it: he does, as with libzmq, of what nobody had to cancel. */
  private obey(pipe: Pipe, topic: Frame, wanted: boolean): boolean {
    const { verbosity } = this.settings
    if (wanted) return this.subscriptions.add(pipe, topic) || verbosity !== null
    return !this.subscriptions.delete(pipe, topic) || verbosity === "allSubsUnsubs"
  }

  private resume(): void {
    // One that has not been read to its end waits behind the others.
    for (const pipe of this.waiting) {
      if (!this.hasPatience) return
      this.waiting.delete(pipe)
      this.readable(pipe)
    }
  }
}

function sizeOf(message: Message): number {
  let size = 0
  for (const frame of message) size += frame.length
  return size
}

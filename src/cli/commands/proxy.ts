import { Argument, type Command } from "commander"
import { Proxy as SocketProxy } from "../../index.js"
import { attach, toEndpoints } from "../endpoint.js"
import { examples } from "../examples.js"
import { addSessionOptions, addSocketOptions } from "../options.js"
import { Session } from "../session.js"
import { createSocket, type SocketFlags, type TypeName } from "../sockets.js"

const devices = {
  queue: ["router", "dealer"],
  forwarder: ["xsub", "xpub"],
  streamer: ["pull", "push"],
} as const satisfies Record<string, readonly [TypeName, TypeName]>

interface ProxyFlags extends SocketFlags {
  readonly capture?: string
}

/** `puremq proxy`. */
export function registerProxy(program: Command): void {
  const command = program
    .command("proxy")
    .summary("pass messages on between two places")
    .description(
      [
        "Passes messages on between a front and a back end, both of which are bound; > before an endpoint connects it.",
        "queue: requests from clients (ROUTER) to workers (DEALER), and replies back.",
        "forwarder: messages from publishers (XSUB) to subscribers (XPUB), and subscriptions back.",
        "streamer: work from those who push (PULL) to those who pull (PUSH).",
      ].join("\n\n"),
    )
    .addArgument(new Argument("<device>", "what it passes on").choices(Object.keys(devices)))
    .argument("<front>", "endpoints of the front end, with commas between them")
    .argument("<back>", "endpoints of the back end")
    .option("--capture <endpoint>", "publish a copy of every message here")
  addSocketOptions(command)
  addSessionOptions(command).action(run)
  examples(command, [
    ["Share out the requests of clients", "puremq proxy queue tcp://*:5559 tcp://*:5560"],
    [
      "Pass on a publisher, and look into it",
      "puremq proxy forwarder '>tcp://host:5556' tcp://*:5557 --capture ipc:///tmp/seen",
    ],
  ])
}

function run(device: keyof typeof devices, front: string, back: string, flags: ProxyFlags): Promise<never> {
  const session = new Session(flags)
  const { signal } = session
  return session.run(async () => {
    const [frontType, backType] = devices[device]
    const open = async (type: TypeName, text: string) => {
      const socket = await createSocket(type, session, { ...flags, timeout: undefined })
      await attach(socket, toEndpoints(text, true))
      return socket
    }
    const frontEnd = await open(frontType, front)
    const backEnd = await open(backType, back)
    const capture = flags.capture === undefined ? undefined : await open("pub", flags.capture)
    const proxy = new SocketProxy(frontEnd, backEnd, capture === undefined ? {} : { capture })
    try {
      await proxy.run({ signal })
    } finally {
      const { toBackEnd, toFrontEnd } = proxy.statistics
      session.note(`to the back end: ${toBackEnd.messages} messages, ${toBackEnd.bytes} bytes`)
      session.note(`to the front end: ${toFrontEnd.messages} messages, ${toFrontEnd.bytes} bytes`)
    }
  })
}

// The draft types of both libraries. Those that zeromq.js lacks are made of its Socket; a PEER of its can only receive.
import { createRequire } from "node:module"
import * as draftModule from "puremq/draft"
import { fromRoot } from "../interop/package-root.js"
import type { Library } from "./library.js"
import type { Stage } from "./stage.js"
import type { Receiver, Sender } from "./talk.js"

/** The draft classes, under the names of zeromq.js and two more. */
export type DraftName =
  | "Channel"
  | "Client"
  | "Datagram"
  | "Dish"
  | "Gather"
  | "Peer"
  | "Radio"
  | "Scatter"
  | "Server"

export type DraftApi = Pick<typeof draftModule, DraftName>
export type DraftSocket<Name extends DraftName> = InstanceType<DraftApi[Name]>
type OptionsOf<Name extends DraftName> = ConstructorParameters<DraftApi[Name]>[0]

const apis = new Map<Library["name"], DraftApi>([["puremq", draftModule]])

/** The draft types of a library that has been loaded. */
export function draftOf(name: Library["name"]): DraftApi {
  let api = apis.get(name)
  if (api === undefined) apis.set(name, (api = loadZeromqDraft()))
  return api
}

/** A new draft socket of the stage's library, which closes it in the end. */
export function openDraft<Name extends DraftName>(
  stage: Stage,
  name: Name,
  options?: OptionsOf<Name>,
): DraftSocket<Name> {
  const construct = draftOf(stage.library)[name] as unknown as new (options: object) => DraftSocket<Name>
  return stage.keep(new construct({ linger: 0, ...options }))
}

/** A socket for those who offer messages of one frame alone. */
export function asSender(socket: object): Sender {
  return socket as Sender
}

/** A socket for those who look whether there is anything. */
export function asReceiver(socket: object): Receiver {
  return socket as Receiver
}

const RCVTIMEO = 27
const SNDTIMEO = 28

interface NumberedSocket {
  getInt32Option(option: number): number
  setInt32Option(option: number, value: number): void
}

function loadZeromqDraft(): DraftApi {
  const load = createRequire(fromRoot("test/peers/package.json"))
  const { Socket } = load("zeromq") as { Socket: new (type: number, options: object) => NumberedSocket }
  const ofType = (type: number): unknown =>
    class extends Socket {
      constructor(options: object) {
        super(type, {})
        Object.assign(this, options)
      }

      get sendTimeout(): number {
        return this.getInt32Option(SNDTIMEO)
      }

      set sendTimeout(value: number) {
        this.setInt32Option(SNDTIMEO, value)
      }

      get receiveTimeout(): number {
        return this.getInt32Option(RCVTIMEO)
      }

      set receiveTimeout(value: number) {
        this.setInt32Option(RCVTIMEO, value)
      }
    }
  return { ...(load("zeromq/draft") as DraftApi), Peer: ofType(19), Channel: ofType(20) } as DraftApi
}

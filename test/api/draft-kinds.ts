// The classes of puremq/draft, and what each can do.
import type { Socket } from "puremq"
import * as draft from "puremq/draft"

interface Kind {
  readonly Class: new (options: { linger: number }) => Socket
  readonly type: number
  readonly sends: boolean
  readonly receives: boolean
  readonly own: readonly string[]
}

export const kinds: Record<string, Kind> = {
  Server: { Class: draft.Server, type: draft.SERVER, sends: true, receives: true, own: ["disconnectPeer"] },
  Client: { Class: draft.Client, type: draft.CLIENT, sends: true, receives: true, own: ["receiveString"] },
  Radio: { Class: draft.Radio, type: draft.RADIO, sends: true, receives: false, own: [] },
  Dish: { Class: draft.Dish, type: draft.DISH, sends: false, receives: true, own: ["join", "leave"] },
  Gather: { Class: draft.Gather, type: draft.GATHER, sends: false, receives: true, own: ["receiveString"] },
  Scatter: { Class: draft.Scatter, type: draft.SCATTER, sends: true, receives: false, own: [] },
  Datagram: { Class: draft.Datagram, type: draft.DGRAM, sends: true, receives: true, own: ["receiveString"] },
  Peer: {
    Class: draft.Peer,
    type: draft.PEER,
    sends: true,
    receives: true,
    own: ["connectPeer", "disconnectPeer"],
  },
  Channel: { Class: draft.Channel, type: draft.CHANNEL, sends: true, receives: true, own: ["receiveString"] },
}

import type { SocketName } from "../suites/library.js"

/** Every socket class with its type's number in zmq.h, and whether it receives and sends. */
export const socketKinds: Readonly<
  Record<SocketName, { readonly type: number; readonly receives: boolean; readonly sends: boolean }>
> = {
  Pair: { type: 0, receives: true, sends: true },
  Publisher: { type: 1, receives: false, sends: true },
  Subscriber: { type: 2, receives: true, sends: false },
  Request: { type: 3, receives: true, sends: true },
  Reply: { type: 4, receives: true, sends: true },
  Dealer: { type: 5, receives: true, sends: true },
  Router: { type: 6, receives: true, sends: true },
  Pull: { type: 7, receives: true, sends: false },
  Push: { type: 8, receives: false, sends: true },
  XPublisher: { type: 9, receives: true, sends: true },
  XSubscriber: { type: 10, receives: true, sends: true },
  Stream: { type: 11, receives: true, sends: true },
}

export const socketNames: readonly SocketName[] = Object.keys(socketKinds) as SocketName[]

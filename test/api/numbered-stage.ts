// Sockets whose options are read and set by number, be they ours or those of zeromq.js.
import type { SharedApi, SocketName } from "../suites/library.js"

type Type = "Bool" | "Int32" | "Uint32" | "Int64" | "Uint64" | "String"

/** A socket's methods of options, which are for subclasses alone. */
export type Numbered = { [Name in `get${Type}Option`]: (...args: unknown[]) => unknown } & {
  [Name in `set${Type}Option`]: (...args: unknown[]) => void
} & { close(): void }

export const types: readonly Type[] = ["Bool", "Int32", "Uint32", "Int64", "Uint64", "String"]

/** A socket of a kind, with its methods bare. */
export function open(zmq: SharedApi, name: SocketName): Numbered & Disposable {
  const construct = zmq[name] as unknown as new () => Numbered
  const socket = new construct()
  const close = (): void => socket.close()
  return { ...bound(socket), close, [Symbol.dispose]: close }
}

function bound(socket: Numbered): Numbered {
  const methods = types.flatMap((type) => [`get${type}Option`, `set${type}Option`] as const)
  return Object.fromEntries(methods.map((name) => [name, socket[name].bind(socket)])) as unknown as Numbered
}

/** What a call returns, or how it fails. */
export function outcome(call: () => unknown): unknown {
  try {
    return { value: call() }
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string }
    return code === undefined ? { name, message } : { code }
  }
}

/** What is set, and the value that is then read, or how either fails. */
export function afterSetting(
  zmq: SharedApi,
  name: SocketName,
  type: Type,
  id: unknown,
  value: unknown,
): unknown {
  using socket = open(zmq, name)
  const failed = outcome(() => socket[`set${type}Option`](id, value))
  return "value" in (failed as object) ? outcome(() => socket[`get${type}Option`](id)) : failed
}

import type { OptionsOf } from "../core/options.js"
import type { Frame } from "../message.js"
import { DishPattern } from "../patterns/dish.js"
import { installAnnotatedReadable } from "./annotated.js"
import { type DishGroupOptions, readGroup, toGroup } from "./group-names.js"
import type { Readable } from "./readable.js"
import { Socket, type SocketOptions } from "./socket.js"
import { openCore } from "./socket-inside.js"
import { installOptions } from "./socket-options.js"

/**
 * Receives what radios send to the groups that it joined:
 *
 * ```
 * dish.join("weather")
 * for await (const [report, { group }] of dish) console.log(`${group}: ${report}`)
 * ```
 *
 * Over UDP it binds: to `udp://127.0.0.1:5555`, or to `udp://239.0.0.1:5555` and `udp://eth0;239.0.0.1:5555` for
 * multicast. What comes while `receiveHighWaterMark` messages wait is lost there. See `patterns/dish.ts` for its rules.
 * (zmq_socket(3), draft)
 */
export class Dish extends Socket {
  constructor(options?: SocketOptions<Dish>) {
    super("DISH", () => new DishPattern(), options)
  }

  /**
   * Joins groups, of up to 255 bytes each. Throws EINVAL for a group that is longer or that it is in already; those
   * before it are joined. (zmq_join(3), draft)
   */
  join(...groups: (string | Frame)[]): void {
    const pattern = openCore(this).pattern as DishPattern
    for (const group of groups.map(toGroup)) pattern.join(group)
  }

  /** Leaves groups. Throws EINVAL for a group that it is not in; those before it are left. (zmq_leave(3), draft) */
  leave(...groups: (string | Frame)[]): void {
    const pattern = openCore(this).pattern as DishPattern
    for (const group of groups.map(toGroup)) pattern.leave(group)
  }
}

export interface Dish
  extends Omit<Readable<[Frame, DishGroupOptions]>, "receiveString" | "receiveJson">,
    OptionsOf<"DISH"> {}

installOptions(Dish.prototype, "DISH")
installAnnotatedReadable(Dish.prototype, readGroup)

import { join } from "node:path"
import type { MeterKit } from "../peer.js"

/** The meters of cost and scale. */
export const scaleKit: MeterKit = {
  folder: join(import.meta.dirname, "meters"),
  libzmq: "bench/peers/libzmq/scale",
}

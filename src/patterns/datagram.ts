import { LARGEST_DATAGRAM, parseDatagramAddress } from "../datagram.js"
import { ZmqError } from "../errors.js"
import type { Frame, Message } from "../message.js"
import { Pattern, type Pipe } from "../routing/pattern.js"

/** DGRAM (draft): plain UDP. A message is the other side's address and one frame. */
export class DatagramPattern extends Pattern {
  private pipe: Pipe | undefined

  attach(pipe: Pipe): void {
    if (this.pipe === undefined) this.pipe = pipe
    else pipe.refuse()
  }

  detach(pipe: Pipe): void {
    if (this.pipe === pipe) this.pipe = undefined
  }

  /** Throws EINVAL for what is no address and one frame, EMSGSIZE. */
  override send(message: Message): boolean {
    if (message.length !== 2 || parseDatagramAddress(message[0] as Frame) === undefined) {
      throw new ZmqError("EINVAL", { message: "A message is an address, `127.0.0.1:5555`, and one frame." })
    }
    if ((message[1] as Frame).length > LARGEST_DATAGRAM) throw new ZmqError("EMSGSIZE")
    return this.pipe?.write(message) ?? false
  }

  override receive(): Message | undefined {
    return this.pipe?.read()
  }

  override get canSend(): boolean {
    return this.pipe?.writable ?? false
  }

  override get canReceive(): boolean {
    return this.pipe?.readable ?? false
  }
}

import { ZmqError } from "../errors.js"
import type { Message } from "../message.js"
import { XpubPattern } from "./xpub.js"

/** PUB (RFC 29): an XPUB that keeps its subscribers' wishes to itself. */
export class PubPattern extends XpubPattern {
  override receive(): Message | undefined {
    throw new ZmqError("ENOTSUP")
  }

  override get canReceive(): boolean {
    return false
  }

  protected override notify(): void {}
}

// Jupyter's messages on the wire: envelope, a word that ends it, a signature, and four parts of JSON that it is over.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto"

/** What a kernel writes down for its clients: where it is, and the key that both sign with. */
export interface Connection {
  readonly transport: string
  readonly ip: string
  readonly key: string
  readonly shell_port: number
  readonly control_port: number
  readonly stdin_port: number
  readonly iopub_port: number
  readonly hb_port: number
}

export interface Header {
  readonly msg_id: string
  readonly msg_type: string
  readonly session: string
  readonly username: string
  readonly date: string
  readonly version: string
}

export interface JupyterMessage {
  readonly header: Header
  /** That of the request that this belongs to. */
  readonly parent: Partial<Header>
  readonly content: Record<string, unknown>
}

const DELIMITER = "<IDS|MSG>"

export function makeMessage(
  session: string,
  type: string,
  content: Record<string, unknown>,
  parent: Partial<Header> = {},
): JupyterMessage {
  const date = new Date().toISOString()
  const header = { msg_id: randomUUID(), msg_type: type, session, username: "user", date, version: "5.3" }
  return { header, parent, content }
}

export function toFrames({ header, parent, content }: JupyterMessage, key: string): string[] {
  const parts = [header, parent, {}, content].map((part) => JSON.stringify(part))
  return [DELIMITER, sign(parts, key), ...parts]
}

/** Throws an Error for what was not signed with the key. */
export function fromFrames(frames: readonly Buffer[], key: string): JupyterMessage {
  const at = frames.findIndex((frame) => frame.equals(Buffer.from(DELIMITER)))
  const signature = frames[at + 1] ?? Buffer.alloc(0)
  const parts = frames.slice(at + 2, at + 6)
  const expected = Buffer.from(sign(parts, key))
  if (at < 0 || signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error("A message of the kernel is not signed with its key")
  }
  const [header, parent, , content] = parts.map((part) => JSON.parse(`${part}`))
  return { header, parent, content }
}

function sign(parts: readonly (string | Buffer)[], key: string): string {
  const hmac = createHmac("sha256", key)
  for (const part of parts) hmac.update(part)
  return hmac.digest("hex")
}

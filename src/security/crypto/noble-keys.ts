import { x25519 } from "@noble/curves/ed25519.js"
import type { KeySource } from "../curve/keys.js"
import { KEY_BYTES, systemRandomBytes } from "./backend.js"

/** Keys of X25519 from @noble/curves, for platforms that have none of their own at once. */
export const nobleKeys: KeySource = {
  createKeyPair: () => {
    const secretKey = systemRandomBytes(KEY_BYTES)
    return { publicKey: x25519.getPublicKey(secretKey), secretKey }
  },
  publicKey: (secretKey) => x25519.getPublicKey(secretKey),
}

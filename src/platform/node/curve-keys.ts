import type { KeyObject } from "node:crypto"
import type { KeySource } from "../../security/curve/keys.js"

/** What stands before the 32 bytes of a secret key of X25519 in PKCS #8 (RFC 8410). */
const SECRET_HEADER = Buffer.from("302e020100300506032b656e04220420", "hex")

type Crypto = typeof import("node:crypto")

/** Asked for when it is needed: it takes longer to load than the half of this library, and few make keys. */
const crypto = (): Crypto => process.getBuiltinModule("node:crypto")

/** Keys of X25519 from OpenSSL. */
export const nodeKeys: KeySource = {
  createKeyPair: () => {
    const { publicKey, privateKey } = crypto().generateKeyPairSync("x25519")
    return {
      publicKey: rawPublicKey(publicKey),
      secretKey: fromBase64(privateKey.export({ format: "jwk" }).d),
    }
  },
  publicKey: (secretKey) => {
    const key = Buffer.concat([SECRET_HEADER, secretKey])
    const { createPrivateKey, createPublicKey } = crypto()
    const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" })
    key.fill(0)
    return rawPublicKey(createPublicKey(privateKey))
  },
}

function rawPublicKey(key: KeyObject): Buffer {
  return fromBase64(key.export({ format: "jwk" }).x)
}

function fromBase64(text: string | undefined): Buffer {
  return Buffer.from(text as string, "base64url")
}

// Options of who may talk to whom, and who hears it.

import type { MechanismName } from "../../security/security.js"

/** Mechanisms, and the authenticator. */
export const securityOptions = {
  /**
   * Bind and connect as the server of PLAIN (RFC 24): peers tell a name and a password, in the clear, which the
   * authenticator of the context is asked about; without one nobody may come in. As all options of mechanisms it
   * chooses the mechanism, and the last one that was set counts. False by default. (ZMQ_PLAIN_SERVER)
   */
  plainServer: { id: 44, kind: "bool", default: false, on: "all", effect: "next" },
  /**
   * The name that a client of PLAIN tells its servers, 1 to 255 bytes. Chooses PLAIN, as client; null chooses no
   * mechanism. Null by default. (ZMQ_PLAIN_USERNAME)
   */
  plainUsername: { id: 45, kind: "text", default: null, max: 255, on: "all", effect: "next" },
  /**
   * The password that a client of PLAIN tells its servers, 1 to 255 bytes. Chooses as `plainUsername` does. Null by
   * default. (ZMQ_PLAIN_PASSWORD)
   */
  plainPassword: { id: 46, kind: "text", default: null, max: 255, on: "all", effect: "next" },
  /**
   * Bind and connect as the server of CURVE (RFC 25, 26): with `curveSecretKey`, whose public key clients must know.
   * The authenticator of the context is asked about each client; without one all who know that key may come in. False
   * by default. (ZMQ_CURVE_SERVER)
   */
  curveServer: { id: 47, kind: "bool", default: false, on: "all", effect: "next" },
  /**
   * Our public key as a client: 40 characters of Z85, or 32 bytes; reads as the former. Servers have no use for theirs.
   * Chooses CURVE. Null until it is set. (ZMQ_CURVE_PUBLICKEY)
   */
  curvePublicKey: { id: 48, kind: "key", default: null, on: "all", effect: "next" },
  /** Our secret key, in the same forms. Chooses CURVE. Null until it is set. (ZMQ_CURVE_SECRETKEY) */
  curveSecretKey: { id: 49, kind: "key", default: null, on: "all", effect: "next" },
  /**
   * The public key of the servers that a client talks to, in the same forms. Chooses CURVE, as client. Null until it is
   * set. (ZMQ_CURVE_SERVERKEY)
   */
  curveServerKey: { id: 50, kind: "key", default: null, on: "all", effect: "next" },
  /**
   * The name under which the context's authenticator is asked about peers (RFC 27), 1 to 255 bytes. With no mechanism
   * it is asked only where this is set. Null by default. (ZMQ_ZAP_DOMAIN)
   */
  zapDomain: { id: 55, kind: "text", default: null, max: 255, on: "all", effect: "next" },
  /**
   * Let nobody in while the context has no authenticator, where `zapDomain` is set; and ask none about clients of CURVE
   * where it is not. False by default. (ZMQ_ZAP_ENFORCE_DOMAIN, draft)
   */
  zapEnforceDomain: { id: 93, kind: "bool", default: false, on: "all", effect: "next" },
} as const

/** Which mechanism a socket has, and on which side of it it is: libzmq goes by the option that was set last. */
export interface MechanismChoice {
  readonly mechanism: MechanismName
  readonly asServer: boolean
}

/** A new socket's. */
export const noMechanism: MechanismChoice = { mechanism: "NULL", asServer: false }

/** The choice when option `name` has been set to `value`. */
export function chooseMechanism(choice: MechanismChoice, name: string, value: unknown): MechanismChoice {
  switch (name) {
    case "plainServer":
      return { mechanism: value ? "PLAIN" : "NULL", asServer: value as boolean }
    case "curveServer":
      return { mechanism: value ? "CURVE" : "NULL", asServer: value as boolean }
    case "plainUsername":
    case "plainPassword":
      return value === null ? { ...choice, mechanism: "NULL" } : { mechanism: "PLAIN", asServer: false }
    case "curvePublicKey":
    case "curveSecretKey":
      return { ...choice, mechanism: "CURVE" }
    case "curveServerKey":
      return { mechanism: "CURVE", asServer: false }
    default:
      return choice
  }
}

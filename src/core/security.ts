import { createCurveClient, createCurveServer } from "#curve"
import { EMPTY, fromText } from "../bytes.js"
import { ZmqError } from "../errors.js"
import type { Frame } from "../message.js"
import { hostOf } from "../peer-address.js"
import type { Verdict, Verify } from "../security/authentication.js"
import { decodeKey } from "../security/curve/keys.js"
import { NO_PROPERTIES } from "../security/handshake-command.js"
import { NullMechanism } from "../security/null.js"
import { PlainClient } from "../security/plain-client.js"
import { PlainServer } from "../security/plain-server.js"
import { type MechanismName, openDoor, type Security } from "../security/security.js"
import { encodeZapRequest } from "../security/zap.js"
import type { ContextCore } from "./context.js"
import { type MechanismChoice, type OptionValues, optionBytes } from "./options.js"
import { askAuthenticator, hasAuthenticator } from "./zap.js"

type KeyOption = "curvePublicKey" | "curveSecretKey" | "curveServerKey"

const serverKeys: readonly KeyOption[] = ["curveSecretKey"]
const clientKeys: readonly KeyOption[] = ["curvePublicKey", "curveSecretKey", "curveServerKey"]

/** A peer that nobody was asked about. */
const WELCOME: Verdict = { status: 200, userId: EMPTY, properties: NO_PROPERTIES }

/** Throws EINVAL where the mechanism lacks a key. */
export function checkKeys(options: Readonly<OptionValues>, mechanism: MechanismName): void {
  if (mechanism !== "CURVE") return
  const needed = options.curveServer ? serverKeys : clientKeys
  const missing = needed.find((name) => options[name] === null)
  if (missing !== undefined) throw new ZmqError("EINVAL", { message: `CURVE needs ${missing}.` })
}

/** What the handshakes of connections that are made now go by; {@link checkKeys} finds nothing missing. */
export function securityOf(
  context: ContextCore,
  options: Readonly<OptionValues>,
  choice: MechanismChoice,
): Security {
  if (choice.mechanism === "NULL" && options.zapDomain === null) return openDoor
  // Keys are made into bytes when the first handshake wants them: there is none over inproc.
  let make: MechanismMaker | undefined
  const createMechanism: MechanismMaker = (properties, remote) => {
    make ??= mechanismMaker(context, settings, choice)
    return make(properties, remote)
  }
  const settings = { ...options }
  return { ...choice, guarded: true, createMechanism }
}

type MechanismMaker = Security["createMechanism"]

function mechanismMaker(
  context: ContextCore,
  options: Readonly<OptionValues>,
  { mechanism, asServer }: MechanismChoice,
): MechanismMaker {
  const verifier = verifierOf(context, options)
  if (mechanism === "NULL") return (properties, remote) => new NullMechanism(properties, verifier(remote))
  if (mechanism === "PLAIN") {
    if (asServer) return (properties, remote) => new PlainServer(properties, verifier(remote))
    const credentials = {
      username: fromText(options.plainUsername ?? ""),
      password: fromText(options.plainPassword ?? ""),
    }
    return (properties) => new PlainClient(properties, credentials)
  }
  const loader = context.platform.cryptography
  const secretKey = keyOf(options, "curveSecretKey")
  if (asServer) {
    const mayAsk = options.zapDomain !== null || !options.zapEnforceDomain
    return (properties, remote) =>
      createCurveServer(loader, properties, secretKey, mayAsk ? verifier(remote) : undefined)
  }
  const keys = {
    publicKey: keyOf(options, "curvePublicKey"),
    secretKey,
    serverKey: keyOf(options, "curveServerKey"),
  }
  return (properties) => createCurveClient(loader, properties, keys)
}

function keyOf(options: Readonly<OptionValues>, name: KeyOption): Uint8Array {
  return decodeKey(options[name] as string)
}

/** Asks the context's authenticator about a peer; the mechanism tells what becomes of it where there is none. */
function verifierOf(context: ContextCore, options: Readonly<OptionValues>): (remote: string) => Verify {
  const domain = options.zapDomain ?? ""
  const routingId: Frame = optionBytes(options.routingId)
  return (remote) => (credentials, answer) => {
    try {
      if (hasAuthenticator(context)) {
        const request = encodeZapRequest({ domain, address: hostOf(remote), routingId }, credentials)
        return askAuthenticator(context, request, answer)
      }
      // Names and passwords that nobody looks at would be worth nothing.
      if (options.zapEnforceDomain || credentials.mechanism === "PLAIN") {
        throw new ZmqError("EFAULT", { message: "The context has no authenticator: nobody may come in." })
      }
      answer(WELCOME)
    } catch (error) {
      answer(error as ZmqError)
    }
    return () => {}
  }
}

// CURVE for a connection that is to be made now, whether or not its cryptography has been loaded.

import type { Properties } from "../../wire/command.js"
import type { Verify } from "../authentication.js"
import type { CryptoBackend } from "../crypto/backend.js"
import type { CryptoLoader } from "../crypto/loader.js"
import { DeferredMechanism } from "../deferred.js"
import type { Mechanism } from "../mechanism.js"
import { CurveClient, type CurveClientKeys } from "./client.js"
import { CurveServer } from "./server.js"

/** A client's side. */
export function createCurveClient(
  loader: CryptoLoader,
  properties: Properties,
  keys: CurveClientKeys,
): Mechanism {
  return whenLoaded(loader, (backend) => new CurveClient(properties, backend, keys))
}

/**
 * A server's side. `secretKey` has 32 bytes, and is best the same array for all connections. Without `verify` all are let
 * in who know the server's key.
 */
export function createCurveServer(
  loader: CryptoLoader,
  properties: Properties,
  secretKey: Uint8Array,
  verify?: Verify,
): Mechanism {
  return whenLoaded(loader, (backend) => new CurveServer(properties, { backend, secretKey, verify }))
}

function whenLoaded(loader: CryptoLoader, make: (backend: CryptoBackend) => Mechanism): Mechanism {
  if (loader.loaded !== undefined) return make(loader.loaded)
  return new DeferredMechanism("CURVE", loader.load().then(make))
}

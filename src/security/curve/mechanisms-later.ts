// The same as mechanisms.ts, which is loaded when CURVE is first used: what few pages use, few should wait for.

import { DeferredMechanism } from "../deferred.js"
import type * as mechanisms from "./mechanisms.js"

export const createCurveClient: typeof mechanisms.createCurveClient = (loader, ...about) =>
  new DeferredMechanism(
    "CURVE",
    Promise.all([import("./mechanisms.js"), loader.load()]).then(([{ createCurveClient: create }]) =>
      create(loader, ...about),
    ),
  )

export const createCurveServer: typeof mechanisms.createCurveServer = (loader, ...about) =>
  new DeferredMechanism(
    "CURVE",
    Promise.all([import("./mechanisms.js"), loader.load()]).then(([{ createCurveServer: create }]) =>
      create(loader, ...about),
    ),
  )

// Any value for any option, by its name and by its number, on sockets of every type.
import assert from "node:assert/strict"
import { ContextCore } from "#src/core/context.js"
import {
  type CommonOptions,
  checkOption,
  type OptionName,
  optionNames,
  optionTable,
} from "#src/core/options.js"
import { SocketCore } from "#src/core/socket.js"
import {
  getNumberOption,
  getTextOption,
  int32,
  int64,
  setBooleanOption,
  setNumberOption,
  setTextOption,
  uint32,
  uint64,
} from "#src/sockets/numbered-options.js"
import { patternFactories } from "./attack-handshake.js"
import type { Chance } from "./chance.js"
import { socketTypes } from "./conversations.js"
import { unlessRefused } from "./refusals.js"
import { SimulatedPlatform } from "./simulation.js"
import { noise } from "./streams.js"

const names = Object.keys(optionTable) as OptionName[]
const KEY = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

function nextValue(chance: Chance, name: OptionName): unknown {
  const entry = optionTable[name] as { min?: number; max?: number; choices?: readonly string[] }
  switch (chance.below(10)) {
    case 0:
      return chance.of([null, undefined, true, false, {}, [], 1n, "", Symbol.iterator, () => {}])
    case 1:
      return chance.of([
        NaN,
        Infinity,
        -Infinity,
        -0,
        0.5,
        -1.5,
        2 ** 31,
        2 ** 53,
        2 ** 64,
        -(2 ** 63),
        1e300,
      ])
    case 2:
      return (entry.min ?? 0) + chance.below(3) - 1
    case 3:
      return (entry.max ?? 2 ** 31 - 1) + chance.below(3) - 1
    case 4:
      return chance.below(2) === 0
        ? noise(chance, chance.of([0, 1, 31, 32, 40, 255, 256]))
        : new Uint16Array(chance.below(20))
    case 5:
      return chance.of([
        KEY,
        `${KEY}0`,
        "~".repeat(40),
        "10.0.0.0/8",
        "::1",
        "10.0.0.0/33",
        "X-a:b",
        "NULL",
        "ü\0",
      ])
    case 6:
      return chance.of([
        { "X-a": "b" },
        { a: "b" },
        { "X-a": 1 },
        { "X-": "" },
        { [`X-${"a".repeat(254)}`]: "" },
      ])
    case 7:
      return chance.of(entry.choices ?? ["PLAIN"])
    default:
      return chance.of([0, 1, 5, 1000, "text", true])
  }
}

/** Sets a value in one of the ways; true where that was possible. */
function isSet(chance: Chance, core: SocketCore): boolean {
  const wanted = chance.of(names)
  const value = nextValue(chance, wanted)
  const { id: known = 0 } = optionTable[wanted] as { id?: number }
  const id = chance.below(8) === 0 ? chance.of([-1, 0, 1.5, NaN, chance.below(200), "13", undefined]) : known
  const type = chance.of([int32, uint32, int64, uint64])
  try {
    const done = unlessRefused(() => {
      switch (chance.below(5)) {
        case 0:
          setNumberOption(core, id, value, type)
          break
        case 1:
          setBooleanOption(core, id, value)
          break
        case 2:
          setTextOption(core, id, value)
          break
        default:
          if (!optionNames(core.type).includes(wanted)) return false
          core.setOption(wanted, checkOption(wanted, value))
      }
      return true
    }, "EINVAL")
    const readings: (() => number | string | null)[] = [
      () => getNumberOption(core, id, type),
      () => getTextOption(core, id),
    ]
    for (const read of readings) {
      const got = unlessRefused(read, "EINVAL")
      assert.ok(got === undefined || got === null || typeof got === "string" || Number.isFinite(got))
    }
    return done === true
  } catch (error) {
    // In the words of zeromq.js: others are faults of ours.
    if (!(error instanceof TypeError && /must be an? (number|string|boolean|object)/i.test(error.message)))
      throw error
    return false
  }
}

/** Throws unless values are taken or refused in the known ways, and what was taken is taken again as it is. */
export function attackOptions(chance: Chance): string[] {
  const platform = new SimulatedPlatform()
  const type = chance.of(socketTypes)
  const core = new SocketCore(new ContextCore(platform), type, patternFactories[type])
  let taken = 0
  for (let count = 1 + chance.below(12); count > 0; count--) if (isSet(chance, core)) taken++
  for (const name of optionNames(type)) {
    const value = core.options[name as keyof CommonOptions]
    // What is not there cannot always be set: no key, no name of a host.
    if (value !== null) assert.deepEqual(checkOption(name, value), value, name)
  }
  core.close()
  platform.run()
  assert.equal(platform.pendingTimers, 0)
  return taken > 0 ? ["taken"] : ["refused"]
}

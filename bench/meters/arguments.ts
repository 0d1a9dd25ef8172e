import { parseArgs } from "node:util"
import { type Library, loadLibrary } from "./library.js"

/** Whoever started this meter gives up a little later. */
const deadline = 45_000

interface MeterArguments {
  readonly library: Library
  readonly address: string
  readonly reportTo: string
  /** Parts of a message, sockets or subscriptions. */
  readonly width: number
  readonly size: number
  readonly count: number
}

/** Reads what libzmq's perf tools take: addresses, then numbers, of which the last two are size and count. */
export async function readArguments(usage: string): Promise<MeterArguments> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        library: { type: "string", default: "puremq" },
        curve: { type: "boolean", default: false },
      },
    })
    const names = usage.match(/<[^>]+>/g) ?? []
    if (positionals.length !== names.length) throw new Error("Wrong number of arguments")

    const [address = "", reportTo = ""] = positionals.filter((word) => word.includes("://"))
    const numbers = positionals.filter((word) => !word.includes("://")).map(Number)
    const [size = -1, count = 0] = numbers.slice(-2)
    const [width = 0] = numbers.slice(0, -2)
    if (!numbers.every(Number.isSafeInteger) || size < 0 || count < 2) {
      throw new Error("Numbers are whole, the size is 0 or more bytes, the count 2 or more")
    }
    const library = await loadLibrary(values.library)
    endInTime()
    return { library, address, reportTo, width, size, count }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}
usage: ${usage} [--library=puremq|puremq-native|zeromq] [--curve]`)
    process.exit(1)
  }
}

function endInTime(): void {
  const timer = setTimeout(() => {
    console.error(`Not done within ${deadline / 1000} s`)
    process.exit(1)
  }, deadline)
  timer.unref()
}

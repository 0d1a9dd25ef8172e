import { parseArgs } from "node:util"
import { type Library, loadLibrary } from "./library.js"

interface MeterArguments {
  readonly library: Library
  readonly address: string
  readonly size: number
  readonly count: number
}

/** Reads what libzmq's perf tools take: an address (except for inproc), a message size, a count. */
export async function readArguments(usage: string): Promise<MeterArguments> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { library: { type: "string", default: "puremq" } },
    })
    const names = usage.match(/<[^>]+>/g) ?? []
    if (positionals.length !== names.length) throw new Error("Wrong number of arguments")

    const [size, count] = positionals.slice(-2).map(Number)
    if (!Number.isSafeInteger(size) || Number(size) < 0) throw new Error("The size is 0 or more bytes")
    if (!Number.isSafeInteger(count) || Number(count) < 2) throw new Error("The count is 2 or more")

    return {
      library: await loadLibrary(values.library),
      address: positionals[0] ?? "",
      size: Number(size),
      count: Number(count),
    }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}
usage: ${usage} [--library=puremq|zeromq]`)
    process.exit(1)
  }
}

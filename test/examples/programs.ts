// The example programs as tests start them: with hearts that beat fast, on ports that are free.
import { type Program, startNode } from "../interop/process.js"

export const anyPort = "tcp://127.0.0.1:*"

/** Starts build/examples/<program>.js. */
export function example(program: string, ...args: string[]): Program {
  // Read by the programs that have heartbeats: ms between two of them.
  process.env.HEARTBEAT_INTERVAL ??= "300"
  return startNode(new URL(`../../examples/${program}.js`, import.meta.url), ...args)
}

/** The endpoints that a program says it is running on, in their order. */
export async function endpointsOf(program: Program): Promise<string[]> {
  const { input } = await program.line(/running on tcp:/)
  return input.match(/tcp:\/\/[\d.]+:\d+/g) ?? []
}

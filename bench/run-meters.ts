import { type Command, MeterProcess } from "./meter-process.js"

/** Starts a meter that is to end before the scene is over. */
export type StartMeter = (command: Command) => MeterProcess

/** Plays a scene with meters, none of which outlives it; fails as soon as one of them does, with what all printed. */
export async function runMeters<T>(scene: (start: StartMeter) => Promise<T>): Promise<T> {
  const running: MeterProcess[] = []
  let fail: (error: unknown) => void = () => {}
  const failure = new Promise<never>((_, reject) => {
    fail = reject
  })
  const start: StartMeter = (command) => {
    const process = new MeterProcess(command)
    running.push(process)
    process.ended.catch(fail)
    return process
  }
  try {
    return await Promise.race([scene(start), failure])
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error([reason, ...running.map((process) => process.report())].join("\n"))
  } finally {
    for (const process of running) process.kill()
    await Promise.allSettled(running.map((process) => process.ended))
  }
}

// Several small programs in one file: which of them runs is the first argument.

export type Scenes = Readonly<Record<string, (...args: string[]) => unknown>>

/** Plays the scene that the command line names. What it throws ends the process, as in any program. */
export async function play(scenes: Scenes): Promise<void> {
  const [name = "", ...args] = process.argv.slice(2)
  const scene = scenes[name]
  if (scene === undefined) throw new Error(`There is no scene "${name}"`)
  await scene(...args)
}

export function say(line: string): void {
  console.log(line)
}

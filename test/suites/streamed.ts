// Messages of a numbered stream, of several frames and of many sizes, that show whether they arrived whole.
import assert from "node:assert/strict"

export function streamed(series: string, number: number): (string | Buffer)[] {
  return [series, String(number), Buffer.alloc((number % 50) * 100, number), "end"]
}

export function parseStreamed(frames: readonly Buffer[]): { series: string; number: number } {
  const [series = "", number] = frames.slice(0, 2).map(String)
  const whole = streamed(series, Number(number)).map((frame) => Buffer.from(frame))
  assert.equal(frames.length, whole.length, `message ${number} has ${frames.length} frames`)
  for (const [index, frame] of whole.entries())
    assert.ok(frames[index]?.equals(frame), `frame ${index} of message ${number} is not what was sent`)
  return { series, number: Number(number) }
}

/** Asserts that each number is the successor of the one before it. */
export function assertRow(taken: readonly number[], who: string): void {
  for (const [index, number] of taken.entries()) {
    if (index > 0) assert.equal(number, (taken[index - 1] ?? 0) + 1, `${who} lost or repeated messages`)
  }
}

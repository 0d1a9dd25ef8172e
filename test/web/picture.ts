// What is in a PNG of Chromium's: eight bits a sample, three or four samples a pixel, not interlaced.
import assert from "node:assert/strict"
import { inflateSync } from "node:zlib"

/** A part of a picture, in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What a part of a picture looks like. */
export interface Look {
  /** The mean of what its pixels have of light, from 0 to 255. */
  readonly light: number
  /** How many different colours it has, of 4,096. */
  readonly colours: number
}

/** A picture's pixels. */
export class Picture {
  readonly width: number
  readonly height: number
  readonly #samples: number
  readonly #pixels: Buffer

  constructor(png: Buffer) {
    assert.equal(png.toString("latin1", 1, 4), "PNG")
    this.width = png.readUInt32BE(16)
    this.height = png.readUInt32BE(20)
    const [bits, type, , , interlaced] = png.subarray(24, 29)
    assert.deepEqual([bits, interlaced], [8, 0])
    assert.ok(type === 2 || type === 6, `a picture of type ${type}`)
    this.#samples = type === 2 ? 3 : 4
    this.#pixels = unfilter(inflateSync(imageData(png)), this.width * this.#samples, this.#samples)
  }

  look(box: Box): Look {
    const colours = new Set<number>()
    let light = 0
    let count = 0
    for (const [red, green, blue] of this.#within(box)) {
      light += 0.2126 * red + 0.7152 * green + 0.0722 * blue
      colours.add(((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4))
      count++
    }
    return { light: light / count, colours: colours.size }
  }

  /** How many pixels have a colour, given as `rgb(1, 2, 3)`. */
  count(box: Box, colour: string): number {
    const [red, green, blue] = (colour.match(/\d+/g) ?? []).map(Number)
    let count = 0
    for (const pixel of this.#within(box)) {
      if (pixel[0] === red && pixel[1] === green && pixel[2] === blue) count++
    }
    return count
  }

  *#within({ x, y, width, height }: Box): Generator<[red: number, green: number, blue: number]> {
    const right = Math.min(this.width, Math.floor(x + width))
    const bottom = Math.min(this.height, Math.floor(y + height))
    for (let row = Math.ceil(y); row < bottom; row++) {
      for (let column = Math.ceil(x); column < right; column++) {
        const at = (row * this.width + column) * this.#samples
        yield [this.#pixels[at] as number, this.#pixels[at + 1] as number, this.#pixels[at + 2] as number]
      }
    }
  }
}

function imageData(png: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return Buffer.concat(parts)
}

/** Each row says by its first byte what its bytes are the difference to: the left, the upper, both (PNG, section 9). */
function unfilter(rows: Buffer, rowBytes: number, pixelBytes: number): Buffer {
  const count = rows.length / (rowBytes + 1)
  const pixels = Buffer.alloc(count * rowBytes)
  for (let row = 0; row < count; row++) {
    const filter = rows[row * (rowBytes + 1)]
    for (let column = 0; column < rowBytes; column++) {
      const at = row * rowBytes + column
      const left = column < pixelBytes ? 0 : (pixels[at - pixelBytes] as number)
      const upper = row === 0 ? 0 : (pixels[at - rowBytes] as number)
      const corner = row === 0 || column < pixelBytes ? 0 : (pixels[at - rowBytes - pixelBytes] as number)
      const guess = [0, left, upper, (left + upper) >> 1, nearest(left, upper, corner)][filter as number] ?? 0
      pixels[at] = (rows[at + row + 1] as number) + guess
    }
  }
  return pixels
}

function nearest(left: number, upper: number, corner: number): number {
  const estimate = left + upper - corner
  const [toLeft, toUpper, toCorner] = [left, upper, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ]
  if (toLeft <= toUpper && toLeft <= toCorner) return left
  return toUpper <= toCorner ? upper : corner
}

import { describe, expect, test } from 'vitest'
import { centreDigit } from '../../src/digit-pad/centre-digit.ts'

/** The pixels that are not black, as `row,column: value`. */
const lit = (image: Float32Array): Record<string, number> =>
  Object.fromEntries(
    [...image.entries()]
      .filter(([, value]) => value !== 0)
      .map(([i, value]) => [`${Math.floor(i / 28)},${i % 28}`, value]),
  )

const rectangle = (side: number, left: number, top: number, width: number, height: number, value = 1) => {
  const grey = new Float32Array(side * side)
  for (let y = top; y < top + height; y++) grey.fill(value, y * side + left, y * side + left + width)
  return grey
}

const extent = (image: Float32Array) => {
  const places = Object.keys(lit(image)).map((key) => key.split(',').map(Number))
  const [rows, columns] = [places.map(([row]) => row), places.map(([, column]) => column)]
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)]
}

describe('centreDigit', () => {
  test('an empty drawing is all zeros', () => {
    expect(centreDigit(new Float32Array(100), 10)).toEqual(new Float32Array(784))
  })

  test('a bar becomes 20 long and stands in the middle, wherever it was drawn', () => {
    // 10 wide, 40 high: the longer side 40 -> 20, the other 10 -> 5. Mass in the middle of 5 x 20:
    // offset columns round(14 - 2.5) = 12 (11.5 rounds up), rows 14 - 10 = 4: columns 12..16, rows 4..23.
    const corner = centreDigit(rectangle(100, 0, 0, 10, 40), 100)
    expect(extent(corner)).toEqual([4, 23, 12, 16])
    expect(new Set(Object.values(lit(corner)))).toEqual(new Set([1]))
    expect(centreDigit(rectangle(100, 90, 60, 10, 40), 100)).toEqual(corner)
  })

  test('pixels are averaged by the area they cover', () => {
    // 40 x 40, white where column + row is even, else black: every new pixel covers 2 x 2 of which half are white.
    const side = 40
    const checks = Float32Array.from({ length: side * side }, (_, i) =>
      ((i % side) + Math.floor(i / side)) % 2 === 0 ? 1 : 0,
    )
    const image = centreDigit(checks, side)
    expect(extent(image)).toEqual([4, 23, 4, 23])
    expect(new Set(Object.values(lit(image)))).toEqual(new Set([0.5]))
  })

  test('a new pixel takes the part of an old one that it covers', () => {
    // One row of 30 pixels, the last 15 half as white, scaled to 20: each new pixel covers 1.5 old ones.
    // The row's height 1 * 20 / 30 rounds to 1. New pixels 0..9 are 1, 10..19 are 0.5: pixel 9 covers 13.5..15 (all 1).
    const side = 30
    const grey = new Float32Array(side * side)
    grey.fill(1, 0, 15)
    grey.fill(0.5, 15, 30)
    const image = centreDigit(grey, side)
    // Mass: sum of (j + 0.5) = 50 over the first ten at 1, 150 over the others at 0.5: (50 + 75) / 15 = 8.33.
    // Offset 14 - 8.33 = 5.67 -> 6. Row: 14 - 0.5 = 13.5 -> 14.
    const row = Array.from({ length: 20 }, (_, j) => [`14,${6 + j}`, j < 10 ? 1 : 0.5] as const)
    expect(lit(image)).toEqual(Object.fromEntries(row))
    // With 29 pixels, of which the first 14 are white: a new pixel covers 1.45 old ones; pixel 9 covers 13.05..14.5, of which 0.95 are white.
    const uneven = new Float32Array(29 * 29)
    uneven.fill(1, 0, 14)
    uneven.fill(0.5, 14, 29)
    const values = Object.values(lit(centreDigit(uneven, 29)))
    expect(values[9]).toBeCloseTo((0.95 + 0.5 * 0.5) / 1.45, 6)
  })

  test('the centre of mass is what is centred, not the box', () => {
    // An L of 20 x 20 pixels, drawn at its final size: a column 4 wide and 20 high, a foot 16 wide and 4 high at its right.
    // Mass 80 at column 2, row 10; 64 at column 12, row 18: centre (80*2 + 64*12) / 144 = 6.44, (800 + 64*18) / 144 = 13.56.
    // Offsets 14 - 6.44 = 7.56 -> 8, and 14 - 13.56 = 0.44 -> 0.
    const grey = rectangle(28, 0, 0, 4, 20)
    rectangle(28, 4, 16, 16, 4).forEach((value, i) => {
      if (value > 0) grey[i] = value
    })
    expect(extent(centreDigit(grey, 28))).toEqual([0, 19, 8, 27])
  })

  test('a digit that its mass would push over the edge stops at it', () => {
    // 20 x 20 with nearly all mass in its last column: the mass wants an offset of 14 - 19.5 = -5.5, there is 0.
    const grey = rectangle(20, 0, 0, 20, 20, 1e-6)
    for (let y = 0; y < 20; y++) grey[y * 20 + 19] = 1
    const [top, bottom, left, right] = extent(centreDigit(grey, 20))
    expect([top, bottom, left, right]).toEqual([4, 23, 0, 19])
  })

  test('one pixel becomes the 20 x 20 that it is the whole of', () => {
    const grey = new Float32Array(9)
    grey[0] = 0.25
    const image = centreDigit(grey, 3)
    expect(extent(image)).toEqual([4, 23, 4, 23])
    expect(new Set(Object.values(lit(image)))).toEqual(new Set([0.25]))
  })

  test('the drawing is left as it was, and a wrong size is refused', () => {
    const grey = rectangle(8, 2, 2, 3, 3)
    const copy = grey.slice()
    centreDigit(grey, 8)
    expect(grey).toEqual(copy)
    expect(() => centreDigit(grey, 9)).toThrow('grey has 64 values, a drawing of side 9 has 81')
  })
})

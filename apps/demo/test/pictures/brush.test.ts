import { expect, test } from 'vitest'
import { strokeInto } from '../../src/digit-pad/brush.ts'

test('a stroke is white inside, black outside, and a straight ramp between', () => {
  // From (10.5, 5.5) to (15.5, 5.5), radius 4, softness 2: distance d from the middle line gives (4 - d) / 2, at most 1.
  const grey = new Float32Array(20 * 20)
  const touched = strokeInto(grey, 20, [10.5, 5.5], [15.5, 5.5], 4, 2)
  const column = Array.from({ length: 12 }, (_, y) => grey[y * 20 + 12])
  expect(column).toEqual([0, 0, 0.5, 1, 1, 1, 1, 1, 0.5, 0, 0, 0])
  // Along the row the ends are round: pixel 7 is 3 away from the start, pixel 6 is 4 away.
  expect([grey[5 * 20 + 6], grey[5 * 20 + 7], grey[5 * 20 + 8]]).toEqual([0, 0.5, 1])
  // Diagonally from the end (15.5, 5.5): pixel (17, 7) is hypot(2, 2) = 2.83 away: (4 - 2.83) / 2 = 0.586.
  expect(grey[7 * 20 + 17]).toBeCloseTo((4 - Math.sqrt(8)) / 2, 6)
  expect(touched).toEqual({ left: 6, right: 19, top: 1, bottom: 9 })
})

test('strokes that cross do not add up', () => {
  const grey = new Float32Array(100)
  strokeInto(grey, 10, [5, 5], [5, 5], 3, 3)
  const once = grey.slice()
  strokeInto(grey, 10, [5, 5], [5, 5], 3, 3)
  expect(grey).toEqual(once)
})

test('a stroke may leave the raster', () => {
  const grey = new Float32Array(25)
  strokeInto(grey, 5, [-3, 2.5], [9, 2.5], 1, 1)
  expect([...grey.subarray(10, 15)]).toEqual([1, 1, 1, 1, 1])
  expect(grey.filter((value) => value > 0).length).toBe(5)
})

import { expect, test } from 'vitest'
import { divergingMap, mapEntries, paintValues, parseColour } from '../../src/pictures/colour-map.ts'
import { layOutNeuron } from '../../src/pictures/neuron-layout.ts'

test('colours are read as style sheets and computed styles write them', () => {
  expect(parseColour('#c03d0a')).toEqual([192, 61, 10])
  expect(parseColour('#fff')).toEqual([255, 255, 255])
  expect(parseColour('rgb(29, 33, 37)')).toEqual([29, 33, 37])
  expect(parseColour('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3])
  expect(parseColour('color(srgb 1 0 0.2)')).toEqual([255, 0, 51])
})

const table = divergingMap('#1c5fa8', '#fdfdfb', '#b8430a')
const entry = (i: number) => [...table.subarray(4 * i, 4 * i + 4)]

test('the map is the given colours at its ends and in its middle', () => {
  const middle = (mapEntries - 1) / 2
  for (const [at, colour] of [
    [0, '#1c5fa8'],
    [middle, '#fdfdfb'],
    [mapEntries - 1, '#b8430a'],
  ] as const)
    parseColour(colour).forEach((channel, k) => {
      expect(Math.abs(entry(at)[k] - channel)).toBeLessThanOrEqual(1)
    })
})

test('the map grows darker from the middle to both ends, never back', () => {
  const luminance = Array.from({ length: mapEntries }, (_, i) => {
    const [red, green, blue] = entry(i)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  })
  for (let i = 1; i <= (mapEntries - 1) / 2; i++)
    expect(luminance[i]).toBeGreaterThanOrEqual(luminance[i - 1])
  for (let i = (mapEntries + 1) / 2; i < mapEntries; i++)
    expect(luminance[i]).toBeLessThanOrEqual(luminance[i - 1])
})

test('values find their colours, the scale ends at its limits, NaN stays empty', () => {
  const pixels = new Uint8ClampedArray(5 * 4)
  paintValues([-2, 0, 1, 2, Number.NaN], 2, table, pixels)
  const pixel = (i: number) => [...pixels.subarray(4 * i, 4 * i + 4)]
  expect(pixel(0)).toEqual(entry(0))
  expect(pixel(1)).toEqual(entry(255))
  // Half of the limit: entry 255 + 127.5, rounded to 383.
  expect(pixel(2)).toEqual(entry(383))
  expect(pixel(3)).toEqual(entry(510))
  expect(pixel(4)).toEqual([0, 0, 0, 0])
})

test('a weight covers whole device pixels, and both images fit', () => {
  for (const width of [280, 358, 557, 1200])
    for (const pixelRatio of [1, 1.25, 2, 3]) {
      const { cell, size, right } = layOutNeuron(width, 28, 13, pixelRatio)
      expect(Math.abs(cell * pixelRatio - Math.round(cell * pixelRatio))).toBeLessThan(1e-9)
      expect(right + size).toBeLessThanOrEqual(width + 1)
      expect(right).toBeGreaterThan(size)
    }
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Normalization, normalizations } from '../src/batches/normalization.ts'
import { makeNormalizer, normalizerFromStatistics } from '../src/batches/normalizer.ts'
import type { Examples } from '../src/dataset.ts'

const examplesOf = (images: readonly number[], count: number): Examples => ({
  inputs: Uint8Array.from(images),
  labels: new Uint8Array(count),
  count,
})
const order = Uint32Array.from([1, 0, 1])

/** Two images of 1x2 with 2 channels. */
const train = examplesOf([0, 255, 51, 102, 102, 0, 153, 0], 2)
const shape = [1, 2, 2] as const
const filled = (kind: Normalization, size = 3): number[] => {
  const out = new Float32Array(size * 4)
  makeNormalizer(kind, train, shape).fill(train, order, 0, size, out)
  return [...out]
}

describe('makeNormalizer', () => {
  it('none: leaves the bytes', () => {
    expect(filled('none')).toEqual([102, 0, 153, 0, 0, 255, 51, 102, 102, 0, 153, 0])
  })

  it('unit: divides by 255', () => {
    expect(filled('unit', 1)).toEqual([0.4, 0, 0.6, 0].map(Math.fround))
  })

  it('unit-minus-mean: subtracts the mean image of the training set', () => {
    // Means of p / 255: (0 + 0.4) / 2, (1 + 0) / 2, (0.2 + 0.6) / 2, (0.4 + 0) / 2.
    const expected = [0.4 - 0.2, 0 - 0.5, 0.6 - 0.4, 0 - 0.2]
    filled('unit-minus-mean', 1).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6)
    })
  })

  it('standard: zero mean and unit variance per channel', () => {
    // Channel 0: 0, 51, 102, 153: mean 76.5, variance (76.5^2 + 25.5^2) / 2 = 3251.25, deviation 57.02.
    expect(filled('standard', 1)[0]).toBeCloseTo((102 - 76.5) / Math.sqrt(3251.25), 5)
    // Channel 1: 255, 102, 0, 0: mean 89.25, variance (65025 + 10404) / 4 - 89.25^2 = 10891.6875.
    expect(filled('standard', 1)[1]).toBeCloseTo((0 - 89.25) / Math.sqrt(10891.6875), 5)
  })

  it('standard: a channel of one value becomes zero, not NaN', () => {
    const flat = examplesOf([7, 7, 7, 7], 1)
    const out = new Float32Array(4)
    makeNormalizer('standard', flat, [2, 2, 1]).fill(flat, Uint32Array.of(0), 0, 1, out)
    expect([...out]).toEqual([0, 0, 0, 0])
  })

  it('uses the statistics of the training set for other examples too', () => {
    const test = examplesOf([255, 255, 255, 255], 1)
    const out = new Float32Array(4)
    makeNormalizer('unit-minus-mean', train, shape).fill(test, Uint32Array.of(0), 0, 1, out)
    expect(out[0]).toBeCloseTo(0.8, 6)
  })

  it('refuses buffers that are too short, before writing', () => {
    const normalizer = makeNormalizer('unit', train, shape)
    const out = new Float32Array(11)
    expect(() => normalizer.fill(train, order, 0, 3, out)).toThrow(RangeError)
    expect(() => normalizer.fill(train, order, 1, 3, new Float32Array(12))).toThrow(RangeError)
    expect(() => normalizer.fillFrom(new Float32Array(11), 3, new Float32Array(12))).toThrow(RangeError)
    expect([...out]).toEqual(Array(11).fill(0))
    expect(() => makeNormalizer('unit', train, [3, 3, 1])).toThrow(RangeError)
  })

  it('reaches zero mean and unit variance over the whole training set, and fillFrom equals fill bit for bit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.uint8Array({ minLength: 15, maxLength: 15 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...normalizations),
        (channels, rows, kind) => {
          const count = rows.length
          // 5, 10 or 15 values an image: none a multiple of the four that are looked up at a time.
          const size = 5 * channels
          const examples = examplesOf(
            rows.flatMap((row) => [...row.subarray(0, size)]),
            count,
          )
          const normalizer = makeNormalizer(kind, examples, [1, 5, channels])
          const all = Uint32Array.from({ length: count }, (_, i) => i)
          const out = new Float32Array(count * size)
          normalizer.fill(examples, all, 0, count, out)
          const pixels = Float32Array.from(examples.inputs)
          normalizer.fillFrom(pixels, count, pixels)
          expect(new Uint32Array(pixels.buffer)).toEqual(new Uint32Array(out.buffer))
          const again = normalizerFromStatistics(structuredClone(normalizer.statistics))
          const copy = new Float32Array(count * size)
          again.fill(examples, all, 0, count, copy)
          expect(copy).toEqual(out)
          if (kind !== 'standard') return
          for (let c = 0; c < channels; c++) {
            const values = out.filter((_, i) => i % channels === c)
            const mean = values.reduce((sum, v) => sum + v, 0) / values.length
            const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length
            expect(Math.abs(mean)).toBeLessThan(1e-5)
            expect(variance < 1e-9 || Math.abs(variance - 1) < 1e-4).toBe(true)
          }
        },
      ),
    )
  })
})

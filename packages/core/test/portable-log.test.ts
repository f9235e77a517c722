import { describe, expect, test } from 'vitest'
import { portableLog } from '../src/arithmetic/portable-log.ts'
import { makeRandom } from '../src/random/random.ts'

const float64 = new Float64Array(1)
const int64 = new BigInt64Array(float64.buffer)

/** How many float64 numbers lie between two numbers of the same sign. */
const unitsBetween = (a: number, b: number): number => {
  const order = (x: number): bigint => {
    float64[0] = x
    return int64[0]
  }
  return Math.abs(Number(order(a) - order(b)))
}

describe('portableLog', () => {
  // Math.log is within one unit of the truth in V8, so two units from it means at most three from the truth, and mostly none.
  test('is within two units in the last place of Math.log over all magnitudes', () => {
    const random = makeRandom(1, 'test/log')
    let worst = 0
    let different = 0
    const samples = 200_000
    for (let i = 0; i < samples; i++) {
      const x = (1 + random.nextUniform()) * 2 ** (random.nextInt(2046) - 1022)
      const units = unitsBetween(portableLog(x), Math.log(x))
      worst = Math.max(worst, units)
      if (units > 0) different++
    }
    expect(worst).toBeLessThanOrEqual(2)
    expect(different / samples).toBeLessThan(0.1)
  })

  test('keeps its accuracy next to 1, where the logarithm vanishes', () => {
    const random = makeRandom(2, 'test/log')
    let worst = 0
    for (let i = 0; i < 200_000; i++) {
      const x = 1 + (random.nextUniform() - 0.5) * 2 ** -random.nextInt(50)
      if (x !== 1) worst = Math.max(worst, unitsBetween(portableLog(x), Math.log(x)))
    }
    expect(worst).toBeLessThanOrEqual(2)
    expect(portableLog(1)).toBe(0)
  })

  test('takes subnormals and the largest number', () => {
    expect(portableLog(Number.MIN_VALUE)).toBeCloseTo(-744.4400719213812, 12)
    expect(portableLog(Number.MAX_VALUE)).toBeCloseTo(709.782712893384, 12)
    // ln 2^k = k ln 2 exactly where the mantissa is 1.
    expect(portableLog(2 ** -1074)).toBe(-1074 * Math.LN2)
  })

  test('refuses what has no finite logarithm', () => {
    for (const x of [0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => portableLog(x)).toThrow(/x: must be a positive finite number/)
  })
})

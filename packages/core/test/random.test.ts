import { describe, expect, test } from 'vitest'
import { makeRandom, shuffleInPlace } from '../src/random/random.ts'
import { chiSquareScore, deviationOf, meanOf } from './statistics.ts'

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next)

describe('makeRandom', () => {
  test('the same seed, purpose and indices give the same stream, and every part matters', () => {
    const start = (random: { nextUint32: () => number }): string => draw(4, random.nextUint32).join(' ')
    const base = start(makeRandom(7, 'batchOrder', 3))
    expect(start(makeRandom(7, 'batchOrder', 3))).toBe(base)
    const others = [
      makeRandom(8, 'batchOrder', 3),
      makeRandom(7 + 2 ** 32, 'batchOrder', 3),
      makeRandom(-7, 'batchOrder', 3),
      makeRandom(7, 'batchOrde', 3),
      makeRandom(7, 'batchOrder3'),
      makeRandom(7, 'batchOrder', 4),
      makeRandom(7, 'batchOrder', 3, 0),
      makeRandom(7, 'batchOrder', 3 + 2 ** 32),
      makeRandom(7, 'batchOrder'),
    ].map(start)
    expect(new Set([base, ...others]).size).toBe(others.length + 1)
  })

  test('streams of neighbouring indices are not correlated', () => {
    const count = 20_000
    const a = draw(count, makeRandom(1, 'p', 1).nextUniform)
    const b = draw(count, makeRandom(1, 'p', 2).nextUniform)
    let product = 0
    for (let i = 0; i < count; i++) product += (a[i] - 0.5) * (b[i] - 0.5) * 12
    // Mean of products of independent standard numbers: deviation 1 / sqrt(count) = 0.007.
    expect(Math.abs(product / count)).toBeLessThan(0.035)
  })

  test('first numbers of many streams are uniform as a set', () => {
    const bins = new Float64Array(256)
    for (let i = 0; i < 25_600; i++) bins[makeRandom(5, 'image', i).nextUint32() >>> 24]++
    expect(Math.abs(chiSquareScore(bins, 100))).toBeLessThan(5)
  })

  test('nextUniform is uniform in [0, 1), mean 1/2, with 53 bits', () => {
    const values = draw(200_000, makeRandom(3, 'uniform').nextUniform)
    const bins = new Float64Array(1000)
    for (const value of values) bins[Math.floor(value * 1000)]++
    expect(Math.abs(chiSquareScore(bins, 200))).toBeLessThan(5)
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 53))).toBe(true)
    expect(values.some((value) => !Number.isInteger(value * 2 ** 52))).toBe(true)
    expect(meanOf(values)).toBeCloseTo(0.5, 2)
  })

  test('nextInt is unbiased, also where 2^32 is no multiple of the bound', () => {
    const random = makeRandom(4, 'int')
    for (const bound of [2, 3, 7, 1000]) {
      const bins = new Float64Array(bound)
      const each = 100_000 / bound
      for (let i = 0; i < 100_000; i++) bins[random.nextInt(bound)]++
      expect(Math.abs(chiSquareScore(bins, each))).toBeLessThan(5)
    }
    // With bound 3 * 2^30 a remainder would give the first third twice as often.
    const thirds = new Float64Array(3)
    for (let i = 0; i < 30_000; i++) thirds[Math.floor(random.nextInt(3 * 2 ** 30) / 2 ** 30)]++
    expect(Math.abs(chiSquareScore(thirds, 10_000))).toBeLessThan(5)
    expect(draw(100, () => random.nextInt(1))).toEqual(new Array(100).fill(0))
    expect(draw(100, () => random.nextInt(2 ** 32)).some((value) => value >= 2 ** 31)).toBe(true)
  })

  test('nextNormal has the moments and the distribution of a standard normal', () => {
    const count = 200_000
    const values = draw(count, makeRandom(6, 'normal').nextNormal).sort((a, b) => a - b)
    // Standard errors: mean 0.0022, deviation 0.0016, skewness 0.0055, kurtosis 0.011; five of each.
    expect(Math.abs(meanOf(values))).toBeLessThan(0.011)
    expect(Math.abs(deviationOf(values) - 1)).toBeLessThan(0.008)
    expect(Math.abs(meanOf(values.map((z) => z ** 3)))).toBeLessThan(0.045)
    expect(Math.abs(meanOf(values.map((z) => z ** 4)) - 3)).toBeLessThan(0.11)
    // Quantiles of the normal distribution from a table; standard error of an empirical quantile: sqrt(p(1-p)/n)/density.
    for (const [p, quantile] of [
      [0.01, -2.3263],
      [0.25, -0.6745],
      [0.5, 0],
      [0.841345, 1],
      [0.97725, 2],
      [0.99865, 3],
    ])
      expect(Math.abs(values[Math.floor(p * count)] - quantile)).toBeLessThan(
        p > 0.99 || p < 0.02 ? 0.12 : 0.03,
      )
  })

  test('refuses bounds, seeds and indices that are none', () => {
    const random = makeRandom(1, 'p')
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN])
      expect(() => random.nextInt(bound)).toThrow(/bound: must be an integer in \[1, 2\^32\]/)
    expect(() => makeRandom(0.5, 'p')).toThrow(/seed: must be a safe integer, got 0.5/)
    expect(() => makeRandom(1, 'p', Number.NaN)).toThrow(/index: must be a safe integer, got NaN/)
  })
})

describe('shuffleInPlace', () => {
  test('makes all 24 orders of four elements equally often', () => {
    const random = makeRandom(9, 'shuffle')
    const seen = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const array = Uint32Array.of(0, 1, 2, 3)
      shuffleInPlace(array, random)
      seen.set(array.join(''), (seen.get(array.join('')) ?? 0) + 1)
    }
    expect(seen.size).toBe(24)
    expect(Math.abs(chiSquareScore([...seen.values()], 1000))).toBeLessThan(5)
  })

  test('keeps the elements of both kinds of array, and leaves the short ones alone', () => {
    const floats = Float32Array.from({ length: 100 }, (_, i) => i / 3)
    const shuffled = floats.slice()
    shuffleInPlace(shuffled, makeRandom(1, 'shuffle'))
    expect(shuffled).not.toEqual(floats)
    expect(shuffled.slice().sort()).toEqual(floats)
    const single = Uint32Array.of(5)
    shuffleInPlace(single, makeRandom(1, 'shuffle'))
    shuffleInPlace(new Uint32Array(0), makeRandom(1, 'shuffle'))
    expect(single).toEqual(Uint32Array.of(5))
  })
})

// Runs must be reproducible across versions: these numbers may never change.
describe('output that must not change', () => {
  test('integers, uniforms, normals and orders of a seed', () => {
    const random = makeRandom(42, 'golden', 1, -2)
    expect(draw(4, random.nextUint32)).toEqual([601870624, 1677256099, 153741766, 3856862067])
    expect(draw(3, random.nextUniform)).toEqual([0.34086371328960685, 0.8537775017405552, 0.2417110315360157])
    expect(draw(4, () => random.nextInt(1000))).toEqual([565, 69, 69, 430])
    expect(draw(4, random.nextNormal)).toEqual([
      1.0188685405060887, 0.6882252551292132, 0.15082539076328036, -0.6993047101472354,
    ])
    const order = Uint32Array.from({ length: 10 }, (_, i) => i)
    shuffleInPlace(order, random)
    expect([...order]).toEqual([8, 1, 0, 2, 6, 9, 7, 4, 5, 3])
  })
})

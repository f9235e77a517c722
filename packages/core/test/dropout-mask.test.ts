import { describe, expect, test } from 'vitest'
import { fillDropoutMask } from '../src/random/dropout-mask.ts'
import { hashKey } from '../src/random/hash.ts'
import { hashBits } from './statistics.ts'

const mask = (length: number, rate: number, seed = 1, layer = 'dropout1', step = 1): Float32Array => {
  const out = new Float32Array(length)
  fillDropoutMask(out, rate, seed, layer, step)
  return out
}

/** The documented function once more, in exact integer arithmetic: the 31 bits that are compared with the rate. */
const drawOf = (i: number, seed: number, layer: string, step: number): bigint => {
  const word = (x: bigint): bigint => x & 0xffffffffn
  const key = (lane: number): bigint => word(BigInt(hashKey(seed, `dropout/${layer}`, [step], lane)))
  let x = word(BigInt(i) + key(0))
  x = word((x ^ (x >> 16n)) * 0x7feb352dn)
  x = word((x ^ (x >> 15n)) + key(1))
  x = word(x * 0x846ca68bn)
  return x >> 1n
}

const maskElement = (i: number, rate: number, seed: number, layer: string, step: number): number =>
  drawOf(i, seed, layer, step) < BigInt(Math.round(rate * 2 ** 31)) ? 0 : Math.fround(1 / (1 - rate))

describe('fillDropoutMask', () => {
  test('is the documented function of (seed, layer, step, index)', () => {
    for (const [rate, seed, layer, step] of [
      [0.4, 1, 'dropout1', 1],
      [0.5, -12, 'dropout2', 100_000],
      [0.001, 2 ** 40, 'body/dropout3', 2 ** 33],
    ] as const) {
      const out = mask(500, rate, seed, layer, step)
      for (let i = 0; i < 500; i++) expect(out[i]).toBe(maskElement(i, rate, seed, layer, step))
    }
  })

  test('keeps an element whose draw is exactly the rate, and drops it at the next larger rate', () => {
    for (let i = 0; i < 20; i++) {
      const draw = Number(drawOf(i, 1, 'dropout1', 1))
      expect(mask(20, draw / 2 ** 31)[i]).toBeGreaterThan(0)
      expect(mask(20, (draw + 1) / 2 ** 31)[i]).toBe(0)
    }
  })

  test('drops the wanted fraction and keeps the expected sum', () => {
    for (const rate of [0.1, 0.3, 0.4, 0.5, 0.9]) {
      const length = 1_000_000
      const out = mask(length, rate)
      const dropped = out.reduce((count, value) => count + (value === 0 ? 1 : 0), 0)
      // Binomial deviation sqrt(rate (1 - rate) / length) <= 0.0005; five of it.
      expect(Math.abs(dropped / length - rate)).toBeLessThan(0.0025)
      expect(new Set(out)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]))
    }
  })

  test('neighbours, layers, steps and seeds are independent of each other', () => {
    const length = 400_000
    const base = mask(length, 0.5)
    const others = {
      'the next element': mask(length + 1, 0.5).subarray(1),
      'the element 2^16 further': mask(length + 2 ** 16, 0.5).subarray(2 ** 16),
      'the next step': mask(length, 0.5, 1, 'dropout1', 2),
      'the next seed': mask(length, 0.5, 2),
      'another layer': mask(length, 0.5, 1, 'dropout2'),
    }
    for (const [name, other] of Object.entries(others)) {
      let agreements = 0
      for (let i = 0; i < length; i++) if (base[i] === other[i]) agreements++
      // Independent halves agree half the time; deviation 0.5 / sqrt(length) = 0.0008, five of it.
      expect(Math.abs(agreements / length - 0.5), name).toBeLessThan(0.004)
    }
  })

  test('runs of kept and dropped elements are as long as those of a coin', () => {
    const out = mask(1_000_000, 0.5)
    const patterns = new Float64Array(256)
    for (let i = 0; i + 8 <= out.length; i += 8) {
      let pattern = 0
      for (let bit = 0; bit < 8; bit++) pattern = pattern * 2 + (out[i + bit] === 0 ? 0 : 1)
      patterns[pattern]++
    }
    const expected = out.length / 8 / 256
    let statistic = 0
    for (const observed of patterns) statistic += (observed - expected) ** 2 / expected
    expect((statistic - 255) / Math.sqrt(2 * 255)).toBeLessThan(5)
  })

  test('a smaller batch gets the beginning of a larger one, in any buffer', () => {
    const large = mask(1000, 0.4)
    expect(mask(300, 0.4)).toEqual(large.slice(0, 300))
    const buffer = new Float32Array(310).fill(-1)
    fillDropoutMask(buffer.subarray(7, 307), 0.4, 1, 'dropout1', 1)
    expect(buffer.slice(7, 307)).toEqual(large.slice(0, 300))
    expect([...buffer.slice(0, 7), ...buffer.slice(307)]).toEqual(new Array(10).fill(-1))
  })

  test('rate 0 keeps everything, rates near 1 almost nothing', () => {
    expect(mask(1000, 0)).toEqual(new Float32Array(1000).fill(1))
    expect(mask(1000, 1 - 2 ** -40).every((value) => value === 0)).toBe(true)
  })

  test('refuses rates outside [0, 1)', () => {
    for (const rate of [-0.1, 1, Number.NaN]) expect(() => mask(1, rate)).toThrow(/rate: must be in \[0, 1\)/)
  })

  test('output that must not change', () => {
    expect([...mask(24, 0.5, 42, 'dropout1', 7)].map((value) => (value === 0 ? '.' : '2')).join('')).toBe(
      '....22..22222..22.....2.',
    )
    expect(hashBits(mask(100_000, 0.4, 42, 'dropout3', 12_345))).toBe('d571470b')
  })
})

import { describe, expect, test } from 'vitest'
import {
  initializeParams,
  type ParameterToInitialize,
  shuffleWeightVectors,
} from '../src/initial-weights/initialize.ts'
import type { InitializerSpec } from '../src/initial-weights/initializer.ts'
import { deviationOf, hashBits, meanOf } from './statistics.ts'

const spec = (
  initializer: InitializerSpec,
  shape: readonly number[] = [300, 200],
  name = 'dense1/kernel',
): ParameterToInitialize => ({
  name,
  shape,
  role: shape.length === 1 ? 'bias' : 'kernel',
  fanIn: shape[0],
  fanOut: shape[shape.length - 1],
  initializer,
})

const draw = (initializer: InitializerSpec, shape?: readonly number[], seed = 1): Float32Array =>
  initializeParams([spec(initializer, shape)], seed)[0].values

const column = (values: Float32Array, count: number, j: number): Float32Array =>
  values.filter((_, at) => at % count === j)

describe('initializeParams', () => {
  // 60,000 weights. Standard error of the mean: deviation / 245; of the deviation: at most deviation / 346. Five of each.
  test.each([
    ['heUniform', Math.sqrt(6 / 300)],
    ['glorotUniform', Math.sqrt(6 / 500)],
    ['lecunUniform', Math.sqrt(3 / 300)],
  ] as const)('%s is uniform up to its limit', (kind, limit) => {
    const values = draw({ kind })
    const deviation = limit / Math.sqrt(3)
    expect(Math.abs(meanOf(values))).toBeLessThan((5 * deviation) / 245)
    expect(Math.abs(deviationOf(values) / deviation - 1)).toBeLessThan(5 / 346)
    const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    expect(largest).toBeLessThanOrEqual(Math.fround(limit))
    expect(largest).toBeGreaterThan(limit * 0.999)
  })

  test.each([
    ['heNormal', Math.sqrt(2 / 300)],
    ['glorotNormal', Math.sqrt(2 / 500)],
    ['lecunNormal', Math.sqrt(1 / 300)],
  ] as const)('%s has its standard deviation AFTER truncation at two (Keras)', (kind, deviation) => {
    const values = draw({ kind })
    expect(Math.abs(meanOf(values))).toBeLessThan((5 * deviation) / 245)
    expect(Math.abs(deviationOf(values) / deviation - 1)).toBeLessThan(5 / 346)
    // Truncated at two deviations of the normal that was cut, which is 2 / 0.8796 = 2.27 of those that remain.
    const cut = (2 * deviation) / 0.87962566103423978
    const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    expect(largest).toBeLessThanOrEqual(Math.fround(cut))
    expect(largest).toBeGreaterThan(cut * 0.995)
    // P(|z| < 1 | |z| < 2) = 0.6827 / 0.9545.
    const inner = values.filter((value) => Math.abs(value) < cut / 2).length / values.length
    expect(Math.abs(inner - 0.71524)).toBeLessThan(0.01)
  })

  test('equidistant vectors hold the same equally spaced values, each in its own order', () => {
    const values = draw({ kind: 'equidistant' }, [5, 40])
    const limit = Math.sqrt(6 / 5)
    const profile = Float32Array.of(-0.8 * limit, -0.4 * limit, 0, 0.4 * limit, 0.8 * limit)
    const orders = new Set<string>()
    for (let j = 0; j < 40; j++) {
      const vector = column(values, 40, j)
      orders.add(vector.join())
      expect(vector.sort()).toEqual(profile)
    }
    expect(orders.size).toBeGreaterThan(20)
    expect(draw({ kind: 'equidistant' }, [1, 3])).toEqual(new Float32Array(3))
  })

  test('constants are constant', () => {
    expect(draw({ kind: 'sharedValue', value: 0.03 }, [2, 2])).toEqual(new Float32Array(4).fill(0.03))
    expect(draw({ kind: 'ones' }, [3])).toEqual(new Float32Array(3).fill(1))
    expect(draw({ kind: 'zeros' }, [3])).toEqual(new Float32Array(3))
  })

  test('a parameter depends on the seed and its name, not on its neighbours', () => {
    const first = spec({ kind: 'heUniform' }, [4, 4], 'a/kernel')
    const second = spec({ kind: 'heUniform' }, [4, 4], 'b/kernel')
    const [a, b] = initializeParams([first, second], 1)
    expect(a.values).not.toEqual(b.values)
    expect(initializeParams([second], 1)).toEqual([b])
    expect(initializeParams([second], 2)[0].values).not.toEqual(b.values)
    expect(b).toMatchObject({ name: 'b/kernel', shape: [4, 4], role: 'kernel' })
  })

  test('fans below one count as one, as in Keras', () => {
    const [{ values }] = initializeParams([{ ...spec({ kind: 'heUniform' }), fanIn: 0 }], 1)
    expect(values.every((value) => Math.abs(value) <= Math.fround(Math.sqrt(6)))).toBe(true)
  })

  test('empty parameters stay empty, and shapes that are none are refused', () => {
    expect(draw({ kind: 'heNormal' }, [0, 5])).toHaveLength(0)
    expect(() => draw({ kind: 'ones' }, [2, -1])).toThrow(/shape: every axis/)
  })
})

describe('shuffleWeightVectors', () => {
  const params = [
    {
      name: 'kernel',
      shape: [2, 3, 4],
      role: 'kernel',
      values: Float32Array.from({ length: 24 }, (_, i) => i),
    },
    { name: 'bias', shape: [24], role: 'bias', values: Float32Array.from({ length: 24 }, (_, i) => i) },
  ] as const

  test('keeps the values of every vector and changes their places', () => {
    const [kernel] = shuffleWeightVectors(params, ['kernel'], 3)
    for (let j = 0; j < 4; j++)
      expect(column(kernel.values, 4, j).sort()).toEqual(column(params[0].values, 4, j))
    expect(kernel.values).not.toEqual(params[0].values)
    expect(params[0].values[5]).toBe(5)
  })

  test('touches only the roles asked for', () => {
    const shuffled = shuffleWeightVectors(params, ['kernel'], 3)
    expect(shuffled[1]).toBe(params[1])
    expect(shuffleWeightVectors(params, ['bias'], 3)[1].values).not.toEqual(params[1].values)
  })
})

// A seed printed in a paper or kept in a `.laperm` file must always give the same weights.
describe('output that must not change', () => {
  test.each([
    ['heUniform', 'e85286af', -0.10021019726991653, -0.11363058537244797, -0.1345365196466446],
    ['heNormal', '011ba868', -0.05853291228413582, 0.08266077935695648, 0.14186404645442963],
    ['glorotUniform', 'd1ff40b4', -0.07762248069047928, -0.08801787346601486, -0.10421153903007507],
    ['glorotNormal', '3f2c5550', -0.045339398086071014, 0.0640287697315216, 0.10988742113113403],
    ['lecunUniform', '31066e20', -0.07085930556058884, -0.08034896105527878, -0.09513168036937714],
    ['lecunNormal', 'b63fc299', -0.041389018297195435, 0.05844999849796295, 0.10031303018331528],
    ['equidistant', 'c7d316a1', 0.006128258537501097, 0.11172287166118622, -0.007071067579090595],
  ] as const)('%s', (kind, hash, ...firstValues) => {
    const initializer: InitializerSpec = { kind }
    const values = draw(initializer, [300, 200], 42)
    expect([...values.slice(0, 3)]).toEqual(firstValues)
    expect(hashBits(values)).toBe(hash)
  })

  test('shuffleWeightVectors', () => {
    const params = initializeParams([spec({ kind: 'heUniform' })], 42)
    expect(hashBits(shuffleWeightVectors(params, ['kernel'], 42)[0].values)).toBe('0f7fe05f')
  })
})

import { describe, expect, test } from 'vitest'
import { bitsOf, firstDifference } from '../../../test/first-difference.ts'
import { officialCases } from '../../../test/official-cases.ts'
import { DivergedError } from '../src/errors/diverged-error.ts'
import { adam } from '../src/optimizers/adam.ts'
import { laPerm } from '../src/optimizers/laperm.ts'
import type { Params } from '../src/parameter.ts'
import { makeRandom } from '../src/random/random.ts'
import { laPermStep, order, permute, rank, sort, sync, type Theta } from '../src/reference/index.ts'
import type { WeightVectors } from '../src/weight-vectors.ts'

const vector = (...values: number[]): WeightVectors => ({
  values: Float32Array.from(values),
  length: values.length,
  count: 1,
})

describe('the reference', () => {
  test('orders ascending, -0 equal to +0, equal weights by index, infinities as numbers', () => {
    // -Infinity, -1, then the zeros at 0, 2 and 4 by index, 3, Infinity.
    expect(order(vector(0, 3, -0, -Infinity, 0, Infinity, -1), 0)).toEqual([3, 6, 0, 2, 4, 1, 5])
  })

  test('sorts, ranks, permutes and synchronizes each column by itself', () => {
    // Columns (3, 1, 2) and (-0, 5, 4).
    const w = { values: Float32Array.of(3, -0, 1, 5, 2, 4), length: 3, count: 2 }
    expect([...sort(w).values]).toEqual([1, 0, 2, 4, 3, 5])
    expect([...rank(w).ranks]).toEqual([2, 0, 0, 2, 1, 1])
    const sorted = { values: Float32Array.of(10, 20, 11, 21, 12, 22), length: 3, count: 2 }
    expect([...permute(sorted, rank(w)).values]).toEqual([12, 20, 10, 22, 11, 21])
    expect(sync(sorted, w)).toEqual(permute(sorted, rank(w)))
  })

  test('refuses NaN and says where it is', () => {
    const w = { values: Float32Array.of(1, 2, 3, Number.NaN), length: 2, count: 2 }
    expect(() => rank(w)).toThrow(new DivergedError(1, 1))
    expect(() => sort(w)).toThrow(DivergedError)
    expect(() => sync(w, w)).toThrow(DivergedError)
  })

  test.each(officialCases())("gives the authors' results, bit for bit: $name", (official) => {
    const { length, count } = official
    const sorted = sort({ values: official.theta0, length, count })
    const thetaT = { values: official.thetaT, length, count }
    expect(firstDifference(bitsOf(sorted.values), bitsOf(official.sorted))).toBeNull()
    expect(firstDifference(rank(thetaT).ranks, official.ranks)).toBeNull()
    expect(firstDifference(bitsOf(sync(sorted, thetaT).values), bitsOf(official.synchronized))).toBeNull()
  })
})

test('laPerm takes the steps of the reference, bit for bit', () => {
  const random = makeRandom(1, 'reference')
  const draw = (size: number) => Float32Array.from({ length: size }, () => random.nextNormal())
  const initial: Params = [
    { name: 'a/kernel', shape: [9, 6], role: 'kernel', values: draw(54) },
    { name: 'b/kernel', shape: [40, 3], role: 'kernel', values: draw(120) },
  ]
  const gradients = Array.from({ length: 12 }, () => [draw(54), draw(120)])
  const period = 5

  const inner = adam({ learningRate: 0.1 })
  let innerState = inner.init(initial)
  const toParams = (theta: Theta): Params => initial.map((each, i) => ({ ...each, values: theta[i].values }))
  const toTheta = (params: Params): Theta =>
    params.map(({ values, shape: [length, count] }) => ({ values, length, count }))
  const innerStep = (theta: Theta, t: number): Theta => {
    const [moved, state] = inner.step(gradients[t - 1], innerState, toParams(theta))
    innerState = state
    return toTheta(moved)
  }
  const thetaSorted = toTheta(initial).map(sort)
  let theta = toTheta(initial)

  const optimizer = laPerm({ inner, syncPeriod: period, permutedRoles: ['kernel'] })
  let params = initial
  let state = optimizer.init(params)
  for (let t = 1; t <= gradients.length; t++) {
    theta = laPermStep(innerStep, period, thetaSorted, theta, t)
    ;[params, state] = optimizer.step(gradients[t - 1], state, params)
    for (const [i, { values }] of params.entries())
      expect(firstDifference(bitsOf(values), bitsOf(theta[i].values))).toBeNull()
    // Permutations of theta_0 right after a synchronization, and only there.
    expect(sort(theta[0]).values.every((value, at) => value === thetaSorted[0].values[at])).toBe(
      t % period === 0,
    )
  }
})

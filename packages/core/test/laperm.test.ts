import { describe, expect, test } from 'vitest'
import { DivergedError } from '../src/errors/diverged-error.ts'
import { adam } from '../src/optimizers/adam.ts'
import { laPerm, sortParams, syncParams } from '../src/optimizers/laperm.ts'
import { momentum } from '../src/optimizers/momentum.ts'
import { sgd } from '../src/optimizers/sgd.ts'
import type { ParameterRole, Params } from '../src/parameter.ts'

// Two weight vectors (columns): [1, 4, 2] and [5, 3, 6].
const params: Params = [
  { name: 'kernel', shape: [3, 2], role: 'kernel', values: Float32Array.of(1, 5, 4, 3, 2, 6) },
  { name: 'bias', shape: [2], role: 'bias', values: Float32Array.of(10, 20) },
  { name: 'gamma', shape: [2], role: 'gamma', values: Float32Array.of(1, 2) },
]
const gradients = [Float32Array.of(-2, 0, 0, -2.5, 0, 0), Float32Array.of(-15, 0), Float32Array.of(-3, 0)]

describe('laPerm', () => {
  test('by hand: two steps of SGD, then the initial weights in the new order', () => {
    const optimizer = laPerm({ inner: sgd({ learningRate: 1 }), syncPeriod: 2, permutedRoles: ['kernel'] })
    let current = params
    let state = optimizer.init(params)
    expect([...state.sorted[0].values]).toEqual([1, 3, 2, 5, 4, 6])
    ;[current, state] = optimizer.step(gradients, state, current)
    // Column 0: [3, 4, 2]; column 1: [5, 5.5, 6]. No synchronization yet.
    expect([...current[0].values]).toEqual([3, 5, 4, 5.5, 2, 6])
    expect(state).toMatchObject({ step: 1, stepsSinceSync: 1 })
    ;[current, state] = optimizer.step(gradients, state, current)
    // Column 0: [5, 4, 2], ranks 2 1 0 of 1 2 4; column 1: [5, 8, 6], ranks 0 2 1 of 3 5 6.
    expect([...current[0].values]).toEqual([4, 3, 2, 6, 1, 5])
    expect(state).toMatchObject({ step: 2, stepsSinceSync: 0 })
    // Biases and batch normalization are the inner optimizer's: 10 + 30, 1 + 6.
    expect([...current[1].values, ...current[2].values]).toEqual([40, 20, 7, 2])
  })

  test('permutes the roles that are asked for, and no others', () => {
    const step = (permutedRoles: readonly ParameterRole[]): Params => {
      const optimizer = laPerm({ inner: sgd({ learningRate: 1 }), syncPeriod: 1, permutedRoles })
      return optimizer.step(gradients, optimizer.init(params), params)[0]
    }
    const values = (next: Params, i: number): number[] => [...next[i].values]
    // The bias moves to [25, 20]: its order is turned round, so its initial values are, too.
    expect(values(step(['kernel', 'bias']), 1)).toEqual([20, 10])
    expect(values(step(['kernel']), 1)).toEqual([25, 20])
    expect(values(step(['gamma']), 2)).toEqual([2, 1])
    expect(values(step(['gamma']), 0)).toEqual([3, 5, 4, 5.5, 2, 6])
    expect(values(step([]), 0)).toEqual([3, 5, 4, 5.5, 2, 6])
  })

  test('synchronizes exactly at the steps that k divides, or as the schedule says', () => {
    const stepsSynced = (syncPeriod: Parameters<typeof laPerm>[0]['syncPeriod']): number[] => {
      const optimizer = laPerm({ inner: sgd({ learningRate: 1 }), syncPeriod, permutedRoles: ['kernel'] })
      let current = params
      let state = optimizer.init(params)
      const synced: number[] = []
      for (let step = 1; step <= 12; step++) {
        ;[current, state] = optimizer.step(gradients, state, current)
        if (state.stepsSinceSync === 0) synced.push(step)
      }
      return synced
    }
    expect(stepsSynced(3)).toEqual([3, 6, 9, 12])
    expect(stepsSynced({ kind: 'constant', period: 5 })).toEqual([5, 10])
    expect(stepsSynced((step) => (step <= 4 ? 1 : 4))).toEqual([1, 2, 3, 4, 8, 12])
    expect(() => stepsSynced(0)).toThrow(/syncPeriod: must be an integer of at least 1, got 0/)
  })

  test("keeps the inner optimizer's moments across a synchronization", () => {
    const inner = momentum({ learningRate: 1, momentum: 0.5 })
    const optimizer = laPerm({ inner, syncPeriod: 1, permutedRoles: ['kernel'] })
    const [once, state] = optimizer.step(gradients, optimizer.init(params), params)
    const [, alone] = inner.step(gradients, inner.init(params), params)
    expect(state.inner).toEqual(alone)
    const [, later] = optimizer.step(gradients, state, once)
    expect(later.inner.slots['velocity'][0][0]).toBe(0.5 * 2 + 2)
  })

  test('goes on from a copy of its state, writes none of its inputs, and never changes theta_sorted', () => {
    const optimizer = laPerm({ inner: adam({ learningRate: 0.5 }), syncPeriod: 2, permutedRoles: ['kernel'] })
    const [once, state] = optimizer.step(gradients, optimizer.init(params), params)
    const copy = structuredClone([once, state] as const)
    const next = optimizer.step(gradients, state, once)
    expect([once, state]).toEqual(copy)
    expect(optimizer.step(gradients, copy[1], copy[0])).toEqual(next)
    expect(next[1].sorted).toBe(state.sorted)
  })

  test('never permutes by NaN: it names the weight', () => {
    const optimizer = laPerm({ inner: sgd({ learningRate: 1 }), syncPeriod: 1, permutedRoles: ['kernel'] })
    const broken = [Float32Array.of(0, 0, 0, Number.NaN, 0, 0), gradients[1], gradients[2]]
    const attempt = (): unknown => {
      try {
        return optimizer.step(broken, optimizer.init(params), params)
      } catch (error) {
        return error
      }
    }
    expect(attempt()).toEqual(new DivergedError(1, 1, 'kernel'))
    // A NaN where nothing is permuted is not LaPerm's to report.
    const [next] = optimizer.step(
      [gradients[0], Float32Array.of(Number.NaN, 0), gradients[2]],
      optimizer.init(params),
      params,
    )
    expect(next[1].values[0]).toBeNaN()
  })
})

describe('syncParams', () => {
  test('is the synchronization alone, and leaves other parameters as they are', () => {
    const sorted = sortParams(params, ['kernel'])
    const synced = syncParams(sorted, params, ['kernel'])
    expect(synced).toEqual(params)
    expect(synced[1]).toBe(params[1])
    expect(() => syncParams(sorted, params, ['kernel', 'bias'])).toThrow(/one entry for each of the 2/)
  })
})
